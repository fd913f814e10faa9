import pytest
from django.db import connection

from indexing import spaces

pytestmark = pytest.mark.django_db


def indexes() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'indexing_embedding'")
        return dict(cursor.fetchall())


def test_each_space_has_its_own_partial_index() -> None:
    spaces.ensure_index("clip made", 4)
    spaces.ensure_index("sound made", 3)
    definitions = indexes()
    assert "vector(4)" in definitions[spaces.index_name("clip made")]
    assert "vector(3)" in definitions[spaces.index_name("sound made")]


def test_making_an_index_twice_is_harmless() -> None:
    spaces.ensure_index("clip made", 4)
    spaces.ensure_index("clip made", 4)


def test_a_quote_in_the_name_of_a_space_is_only_a_quote() -> None:
    spaces.ensure_index("it's 100 %", 4)
    assert "it''s 100 %" in indexes()[spaces.index_name("it's 100 %")]
