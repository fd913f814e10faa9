"""How operations are described: the refusals that every one of them may answer with are written once."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class ErrorSerializer(serializers.Serializer):
    """Why a request was refused."""

    detail = serializers.CharField(help_text="The reason, in words.")


INVALID: dict[str, Any] = {
    "type": "object",
    "description": "Reasons by field, or `detail` where the request could not be read at all.",
    "additionalProperties": {},
}


class ApiSchema(AutoSchema):
    """Adds the refusals to an operation: 400, 401, 403 and 404."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status, response in self._refusals().items():
                operation["responses"].setdefault(status, response)
        return operation

    def _refusals(self) -> dict[str, Any]:
        error = self.resolve_serializer(ErrorSerializer, "response").ref
        return {
            "400": _response("The request breaks a rule that is named.", INVALID),
            "401": _response("The request does not say who asks.", error),
            "403": _response("The one who asks may not do this.", error),
            "404": _response("There is no such thing, or the one who asks may not know of it.", error),
        }


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
