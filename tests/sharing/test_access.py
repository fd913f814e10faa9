"""Who reaches which asset, collection and library."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from dam.sharing.access import collections_for, get_asset_for, libraries_for
from dam.sharing.models import Membership, Role
from tests.factories import make_asset, make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library()


def make_collection(library, name="Films", parent=None, assets=()):
    collection = Collection.objects.create(library=library, name=name, parent=parent)
    CollectionItem.objects.bulk_create(CollectionItem(collection=collection, asset=each) for each in assets)
    return collection


def sees(user, asset):
    return Asset.objects.visible_to(user).filter(pk=asset.pk).exists()


def test_a_member_of_the_library_sees_its_assets(library):
    assert sees(make_member(library), make_asset(library))


def test_a_member_of_another_library_sees_nothing(library):
    stranger = make_member(make_library(), Role.ADMINISTRATOR)
    asset = make_asset(library)
    assert not sees(stranger, asset)
    assert not collections_for(stranger).filter(library=library).exists()
    assert not libraries_for(stranger).filter(pk=library.pk).exists()


def test_an_account_without_membership_sees_nothing(library):
    make_asset(library)
    make_collection(library)
    user = make_user()
    assert not Asset.objects.visible_to(user).exists()
    assert not collections_for(user).exists()
    assert not libraries_for(user).exists()


def test_nobody_signed_in_sees_nothing(library):
    make_asset(library)
    make_collection(library)
    assert not Asset.objects.visible_to(AnonymousUser()).exists()
    assert not collections_for(AnonymousUser()).exists()
    assert not libraries_for(AnonymousUser()).exists()


def test_a_superuser_sees_every_library(library):
    admin = make_user(is_superuser=True)
    collection = make_collection(library)
    assert sees(admin, make_asset(library))
    assert libraries_for(admin).filter(pk=library.pk).exists()
    assert collections_for(admin).filter(pk=collection.pk).exists()


@pytest.mark.parametrize("superuser", [False, True])
def test_an_account_that_was_closed_reaches_nothing(library, superuser):
    user = make_member(library, Role.ADMINISTRATOR)
    user.is_active, user.is_superuser = False, superuser
    user.save()
    make_collection(library, assets=[make_asset(library)])
    assert not Asset.objects.visible_to(user).exists()
    assert not collections_for(user).exists()
    assert not libraries_for(user).exists()


def test_a_trashed_asset_is_seen_by_nobody(library):
    asset = make_asset(library, trashed_at=timezone.now())
    everyone = [make_member(library, role) for role in Role.values] + [make_user(is_superuser=True)]
    assert not any(sees(user, asset) for user in everyone)
    with pytest.raises(Http404):
        get_asset_for(everyone[-1], asset.pk)


@pytest.mark.parametrize(
    ("role", "seen"), [(Role.VIEWER, False), (Role.CONTRIBUTOR, False), (Role.ARCHIVIST, True)]
)
def test_an_asset_under_embargo_is_seen_by_its_archivists_only(library, role, seen):
    asset = make_asset(library, embargo_until=timezone.now() + timedelta(days=1))
    assert sees(make_member(library, role), asset) is seen


def test_an_embargo_ends_by_itself(library):
    asset = make_asset(library, embargo_until=timezone.now() - timedelta(seconds=1))
    assert sees(make_member(library), asset)


def test_an_archivist_of_one_collection_sees_only_what_is_under_embargo_there(library):
    inside, elsewhere = (
        make_asset(library, embargo_until=timezone.now() + timedelta(days=1)) for _ in range(2)
    )
    films = make_collection(library, assets=[inside])
    user = make_member(library, Role.ARCHIVIST, films)
    Membership.objects.create(user=user, library=library, role=Role.VIEWER)
    assert sees(user, inside)
    assert not sees(user, elsewhere)


def test_a_member_of_a_collection_sees_it_and_what_lies_below(library):
    inside, below, beside, outside = (make_asset(library) for _ in range(4))
    films = make_collection(library, assets=[inside])
    make_collection(library, "1950s", parent=films, assets=[below])
    make_collection(library, "Letters", assets=[beside])
    user = make_member(library, collection=films)
    assert set(Asset.objects.visible_to(user)) == {inside, below}
    assert not sees(user, outside)


def test_a_member_of_a_lower_collection_does_not_see_what_lies_above(library):
    above, below = make_asset(library), make_asset(library)
    films = make_collection(library, assets=[above])
    lower = make_collection(library, "1950s", parent=films, assets=[below])
    user = make_member(library, collection=lower)
    assert set(Asset.objects.visible_to(user)) == {below}
    assert set(collections_for(user)) == {lower}


def test_an_asset_in_two_reachable_collections_is_listed_once(library):
    asset = make_asset(library)
    films = make_collection(library, assets=[asset])
    make_collection(library, "1950s", parent=films, assets=[asset])
    assert list(Asset.objects.visible_to(make_member(library, collection=films))) == [asset]


def test_a_collection_that_moves_takes_everything_below_it_along(library):
    asset = make_asset(library)
    films, letters = make_collection(library), make_collection(library, "Letters")
    middle = make_collection(library, "1950s", parent=films)
    lowest = make_collection(library, "1951", parent=middle, assets=[asset])
    reader_of_films = make_member(library, collection=films)
    reader_of_letters = make_member(library, collection=letters)
    assert sees(reader_of_films, asset)

    middle.parent = letters
    middle.save()

    lowest.refresh_from_db()
    assert lowest.lineage == [letters.pk, middle.pk, lowest.pk]
    assert not sees(reader_of_films, asset)
    assert sees(reader_of_letters, asset)


def test_a_collection_is_not_moved_below_itself(library):
    films = make_collection(library)
    lower = make_collection(library, "1950s", parent=films)
    films.parent = lower
    with pytest.raises(ValueError, match="below itself"):
        films.save()
    films.refresh_from_db()
    assert (films.parent, films.lineage) == (None, [films.pk])


def test_an_asset_of_another_library_is_not_reached_through_a_collection(library):
    elsewhere = make_asset(make_library())
    films = make_collection(library, assets=[elsewhere])
    assert not sees(make_member(library, Role.ADMINISTRATOR), elsewhere)
    assert not sees(make_member(library, collection=films), elsewhere)


def test_a_membership_that_names_another_librarys_collection_opens_nothing(library):
    asset = make_asset(library)
    films = make_collection(library, assets=[asset])
    user = make_user()
    Membership.objects.create(user=user, library=make_library(), collection=films)
    assert not sees(user, asset)
    assert not collections_for(user).exists()


@pytest.mark.parametrize("held", Role.values)
@pytest.mark.parametrize("needed", Role.values)
def test_a_role_reaches_what_it_or_a_lower_role_reaches(library, held, needed):
    user, asset = make_member(library, held), make_asset(library)
    collection = make_collection(library)
    enough = held >= needed
    assert Asset.objects.reachable_by(user, needed).filter(pk=asset.pk).exists() is enough
    assert collections_for(user, needed).filter(pk=collection.pk).exists() is enough
    assert libraries_for(user, needed).filter(pk=library.pk).exists() is enough


def test_a_role_in_one_collection_is_not_held_in_the_rest(library):
    inside, outside = make_asset(library), make_asset(library)
    films = make_collection(library, assets=[inside])
    user = make_member(library)
    Membership.objects.create(user=user, library=library, collection=films, role=Role.ARCHIVIST)
    assert sees(user, outside)
    assert set(Asset.objects.reachable_by(user, Role.ARCHIVIST)) == {inside}
    assert set(collections_for(user, Role.ARCHIVIST)) == {films}


def test_a_role_is_gone_with_the_membership(library):
    user, asset = make_member(library, Role.ADMINISTRATOR), make_asset(library)
    assert sees(user, asset)
    user.memberships.all().delete()
    assert not sees(user, asset)


def test_an_asset_that_is_not_there_and_one_that_is_hidden_are_refused_alike(library):
    user, hidden = make_member(make_library()), make_asset(library)
    reasons = set()
    for pk in (hidden.pk, hidden.pk + 1000):
        with pytest.raises(Http404) as refusal:
            get_asset_for(user, pk)
        reasons.add(str(refusal.value))
    assert len(reasons) == 1


def test_the_asset_is_got_by_whoever_holds_the_role(library):
    user, asset = make_member(library, Role.CONTRIBUTOR), make_asset(library)
    assert get_asset_for(user, asset.pk, Role.CONTRIBUTOR) == asset
    with pytest.raises(Http404):
        get_asset_for(user, asset.pk, Role.ARCHIVIST)


def test_permission_is_part_of_the_one_query(library):
    films = make_collection(library, assets=[make_asset(library)])
    for user in (make_member(library), make_member(library, collection=films), make_user(is_superuser=True)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(Asset.objects.visible_to(user)) == 1
        assert len(queries) == 1
        with CaptureQueriesContext(connection) as queries:
            assert len(collections_for(user)) == 1
        assert len(queries) == 1


WATCHED = ("dam/*/views.py", "dam/*/views/*.py", "dam/api/**/*.py", "dam/export/**/*.py", "search/**/*.py")
ALLOWED_NEXT = {"visible_to", "reachable_by", "none"}
KEEPERS = {
    # They build what is stored for every reader; who may read it is decided when it is asked for.
    "search/documents.py",
    "search/tasks.py",
    "search/backends/elasticsearch/indexing.py",
}


def watched_files():
    root = Path(settings.BASE_DIR)
    found = {path for pattern in WATCHED for path in root.glob(pattern)} | {root / "dam/assets/serving.py"}
    return sorted(path for path in found if str(path.relative_to(root)) not in KEEPERS)


def roads_around(source):
    """Lines on which Asset.objects is used for anything but the permitted roads."""
    tree = ast.parse(source)
    permitted = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ALLOWED_NEXT
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager", "_base_manager"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "Asset"
        and id(node) not in permitted
    ]


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("Asset.objects.visible_to(user).filter(kind='image')", False),
        ("Asset.objects.reachable_by(user, role)", False),
        ("Asset.objects.none()", False),
        ("Asset.objects.all()", True),
        ("Asset.objects.get(pk=pk)", True),
        ("Asset.objects.filter(pk=pk).visible_to(user)", True),
        ("Asset._base_manager.first()", True),
        ("get_object_or_404(Asset.objects, pk=pk)", True),
    ],
)
def test_the_watch_knows_a_road_around_access_when_it_sees_one(line, refused):
    assert bool(roads_around(line)) is refused


@pytest.mark.parametrize("path", watched_files(), ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_view_reaches_an_asset_by_another_road(path):
    lines = roads_around(path.read_text())
    assert not lines, f"{path}: lines {lines} reach assets around dam.sharing.access"
