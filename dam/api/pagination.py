"""Pages that stay right while rows come and go, and never grow beyond a bound."""

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.fields import IntegerField
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """Rows by falling id, which is the order in which they were added. 50 a page, at most 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_page_size(self, request: Request) -> int:
        """The page size of the request. Raises ValidationError for one out of bounds."""
        field = IntegerField(min_value=1, max_value=self.max_page_size)
        try:
            asked = request.query_params.get(self.page_size_query_param, self.page_size)
            return int(field.run_validation(asked))
        except ValidationError as error:
            raise ValidationError({self.page_size_query_param: error.detail}) from error

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of the request. Raises NotFound for one that was not made here."""
        cursor = super().decode_cursor(request)
        try:
            if cursor and cursor.position is not None:
                int(cursor.position)
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of the base class, the page size with its bounds."""
        parameters = super().get_schema_operation_parameters(view)
        for each in parameters:
            if each["name"] == self.page_size_query_param:
                each["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return parameters


class OldestFirst(NewestFirst):
    """Rows by rising id."""

    ordering = "id"
