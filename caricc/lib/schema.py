"""The OpenAPI schema: versions in and out of every resource, and readable names of operations."""

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
