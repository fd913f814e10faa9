"""Who asks: a token in the header, or the session of the site."""

from typing import Any

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

PASSWORD_SERVES_ONCE = "This password serves once: sign in on the site and choose your own first."  # noqa: S105


class AccountTokenAuthentication(TokenAuthentication):
    """Tokens of open accounts whose holder has chosen their own password."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        user, token = super().authenticate_credentials(key)
        if user.one_time_password:
            raise AuthenticationFailed(PASSWORD_SERVES_ONCE)
        return user, token
