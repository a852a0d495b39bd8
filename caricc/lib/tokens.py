"""`Authorization: Token <token>`; tokens are made by `manage.py api_token` and kept as keyed hashes."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Send one token: Authorization: Token <token>"))
        token = apps.get_model("caricc", "ApiToken").find(words[1].decode("ascii", "replace"))
        if token is None:
            raise AuthenticationFailed(_("This token is not known, has ended, or its account is closed."))
        token.used()
        return token.user, token

    def authenticate_header(self, request):
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <token>`",
        }
