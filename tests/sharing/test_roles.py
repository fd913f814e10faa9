"""Roles, memberships, and the accounts that hold them."""

import pytest
from django.db import IntegrityError, transaction

from dam.sharing.models import Membership, Role, User
from tests.factories import make_library, make_member, make_user

pytestmark = pytest.mark.django_db


def test_roles_rise_from_viewer_to_administrator():
    assert [role.label for role in sorted(Role)] == ["viewer", "contributor", "archivist", "administrator"]


def test_a_person_holds_one_role_in_a_place():
    library = make_library()
    user = make_member(library, Role.VIEWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, library=library, role=Role.ARCHIVIST)


def test_an_address_belongs_to_one_account_however_it_is_written():
    make_user("ada@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ADA@Example.ORG", "correct horse")


def test_an_account_needs_an_address():
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("", "correct horse")


def test_an_account_that_ends_takes_its_memberships_along():
    user = make_member(make_library())
    user.delete()
    assert not Membership.objects.exists()
