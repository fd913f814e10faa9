"""Fields that several resources share."""

from typing import Any

from rest_framework import serializers

LARGEST_ID = 2**63 - 1


class RowId(serializers.IntegerField):
    """The id of a row, within what the database can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)
