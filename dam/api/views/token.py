"""Tokens: a password is exchanged for one, and its owner may end it."""

from collections.abc import Sequence
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError as Refused
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import PermissionDenied, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from dam.api.authentication import PASSWORD_SERVES_ONCE, AccountTokenAuthentication
from dam.api.base import JsonView
from dam.api.schema import ErrorSerializer
from dam.sharing.accounts import end_tokens
from dam.sharing.models import User


class CredentialsSerializer(serializers.Serializer):
    """What one signs in with."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    """Send it as `Authorization: Token ...`."""

    token = serializers.CharField(source="key")


class TokenView(JsonView):
    """The token of one account: there is at most one, and a new password ends it."""

    authentication_classes: Sequence[type[BaseAuthentication]] = [AccountTokenAuthentication]

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated()]

    @extend_schema(
        auth=[],
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            429: OpenApiResponse(ErrorSerializer, "Too many failed attempts: wait some minutes."),
        },
    )
    def post(self, request: Request) -> Response:
        """Exchange e-mail address and password for a token."""
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        token, _ = Token.objects.get_or_create(user=_signed_in(request, **credentials.validated_data))
        return Response(TokenSerializer(token).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """End your own token."""
        end_tokens(cast(User, request.user))
        return Response(status=204)


def _signed_in(request: Request, email: str, password: str) -> User:
    """The user of those credentials. Raises Throttled after failures, PermissionDenied otherwise."""
    try:
        user = get_adapter().authenticate(request._request, email=email, password=password)
    except Refused as error:
        raise Throttled(detail="Too many failed attempts. Try again in some minutes.") from error
    if user is None or not user.is_active:
        raise PermissionDenied("No active account has this e-mail address and password.")
    if user.one_time_password:
        raise PermissionDenied(PASSWORD_SERVES_ONCE)
    return cast(User, user)
