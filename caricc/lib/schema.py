"""The OpenAPI schema: versions in and out of every resource, and readable names of operations."""

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter


class RegisterSchema(AutoSchema):
    def get_override_parameters(self):
        made = super().get_override_parameters()
        if self.method in ("PUT", "PATCH", "DELETE"):
            made.append(
                OpenApiParameter(
                    "If-Match", str, OpenApiParameter.HEADER, required=True,
                    description='The version that was read, in quotes: `"7"`. Missing: 428. Stale: 412.',
                )
            )  # fmt: skip
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            made.append(
                OpenApiParameter("X-Reason", str, OpenApiParameter.HEADER, description="Why; kept in the history.")
            )
        return made

    def get_operation_id(self):
        """`events_list`, `events_update`, `events_export`: the resource and what is done."""
        action = {"partial_update": "patch"}.get(self.view.action, self.view.action)
        return f"{self.view.basename}_{action}" if hasattr(self.view, "basename") else super().get_operation_id()

    def get_tags(self):
        return [getattr(self.view, "basename", None) or "schema"]


class NameOfScheme(OpenApiSerializerFieldExtension):
    target_class = "caricc.lib.api.NameOf"

    def map_serializer_field(self, auto_schema, direction):
        text = {"type": "string", "readOnly": True}
        return {"type": "array", "items": text, "readOnly": True} if self.target.many else {**text, "nullable": True}
