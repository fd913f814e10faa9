"""Every address of the site against every sort of visitor, with real rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from dam.assets import tus_store
from dam.assets.models import Asset, IngestItem, IngestJob, Rendition
from dam.collections.models import Collection
from dam.people.models import Appearance, Consent, Erasure, Face, FaceCluster, LibraryRecognition, Person
from dam.sharing.models import Membership, Role, User
from dam.watchlists.models import Follow, WatchList
from indexing.models import Annotation, Embedding, Review, Run
from search.saved_models import RecentSearch, SavedSearch
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user
from tests.sharing.addresses import OWN, PUBLIC, RULES, patterns
from tests.sharing.rule import INSTALLATION, Rule
from tests.sharing.rules import MARK, gathered, rows_of_rooms

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {401, 403, 404, 405}
OUTSIDE = {"anonymous", "closed", "newcomer"}
TRASHABLE = [name for name, rule in RULES.items() if "asset" in rule.rows and name != "api:collection-asset"]
"""Addresses of an asset; it may still be taken out of a collection when it lies in the trash."""
KEPT = (
    Asset,
    Rendition,
    IngestJob,
    IngestItem,
    Collection,
    Collection.assets.through,
    Collection.library.field.related_model,
    Membership,
    Annotation,
    Review,
    Run,
    Person,
    Consent,
    LibraryRecognition,
    Appearance,
    FaceCluster,
    Face,
    Erasure,
    WatchList,
    Follow,
    SavedSearch,
    *gathered("KEPT", ()),
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Visitor:
    """A sort of visitor, with a role in the library, in the collection of the rows, or in another one."""

    name: str
    user: User | None = None
    role: int = 0
    place: str = "library"

    @property
    def sees(self) -> bool:
        """Whether the marked rows may be shown to this visitor."""
        return self.role > 0 and self.place != "another collection"

    def may(self, needed: int, rule: Rule) -> bool:
        if self.name == "installation":
            return needed <= INSTALLATION
        return 0 < self.role >= needed and self.place in rule.places


@pytest.fixture
def rows():
    """One row of everything in one library, marked wherever not every member may see it."""
    library = make_library()
    asset = make_asset(library, title=MARK, original_name=f"{MARK}.jpg", size=4)
    asset.original.save("a.jpg", ContentFile(b"jpeg"))
    rendition = Rendition.objects.create(asset=asset, name="poster", media_type="image/webp", size=4)
    rendition.file.save("p.webp", ContentFile(b"webp"))
    collection = Collection.objects.create(library=library, name=MARK)
    trashed = make_asset(library, title=MARK, trashed_at=timezone.now())
    collection.items.create(asset=asset)
    collection.items.create(asset=trashed)
    job = IngestJob.objects.create(library=library, collection=collection, label=MARK)
    IngestItem.objects.create(job=job, source="/a", name=MARK, state="refused", reason="empty")
    make_run(asset, state=Run.State.FAILED, error=MARK)
    make_fact(asset, "text", MARK, x=0.1, y=0.1, w=0.5, h=0.1)
    return rows_of_rooms(
        {
            "library": library,
            "asset": asset,
            "rendition": rendition.name,
            "collection": collection,
            "trashed": trashed,
            "job": job,
            "annotation": make_fact(asset, text=MARK),
            "format": "alto",
            "watchlist": WatchList.objects.create(
                library=library, collection=collection, name=MARK, entries=MARK
            ),
            "membership": Membership.objects.create(user=make_user(), library=library),
            "upload": tus_store.create(5, "a.jpg", make_user().pk, job.pk).key,
            **make_searches(library),
            **make_speech(library, collection),
            **make_people(library, asset),
        }
    )


def make_searches(library):
    """What somebody else saved and shares, deleted, and searched for."""
    owner = make_user()
    saved, deleted = (
        SavedSearch.objects.create(owner=owner, library=library, name=MARK, text=MARK, deleted_at=when)
        for when in (None, timezone.now())
    )
    recent = RecentSearch.objects.create(user=owner, text=MARK)
    return {"saved": saved, "deleted": deleted, "recent": recent}


def make_speech(library, collection):
    """A recording with something said in it, and a correction of something else."""
    recording = make_asset(library, title=MARK, kind="audio", duration=60.0)
    collection.items.create(asset=recording)
    heard, wrong = (
        make_fact(recording, "speech", MARK, start=start, end=start + 1, status=status)
        for start, status in ((1.0, "proposed"), (3.0, "rejected"))
    )
    said = {"source": "person", "status": "accepted", "details": {"corrects": wrong.pk}}
    correction = make_fact(recording, "speech", f"{MARK}!", start=3.0, end=4.0, **said)
    return {"recording": recording, "speech": heard, "correction": correction}


def make_people(library, asset):
    """A person with consent who was named in the asset, a nameless face in a group, and a receipt."""
    picture = Rendition.objects.create(asset=asset, name="thumb-large", media_type="image/webp", size=4)
    picture.file.save("t.webp", ContentFile(webp()))
    person = Person.objects.create(library=library, name=MARK)
    consent = Consent.objects.create(person=person, given_by=MARK, scope="both", evidence=MARK)
    consent.evidence_file.save("signed.pdf", ContentFile(b"signed"))
    LibraryRecognition.objects.create(library=library, given_by=MARK)
    face, named = (
        make_fact(asset, kind, text, x=x, y=0.1, w=0.2, h=0.2)
        for kind, text, x in (("face", "", 0.1), ("person", MARK, 0.6))
    )
    Appearance.objects.create(annotation=named, person=person)
    vector = [1.0] + [0.0] * 127
    group = FaceCluster.objects.create(library=library, space="sface", mean=vector, size=1)
    kept = Embedding.objects.create(asset=asset, run=face.run, annotation=face, space="sface", vector=vector)
    Face.objects.create(embedding=kept, library=library, cluster=group)
    span = {"start": 0.0, "end": 2.0, "details": {"speaker": 1}}
    voice = make_fact(asset, "voice", MARK, **span)
    said = make_fact(asset, "speaker", MARK, status="accepted", **span)
    Appearance.objects.create(annotation=said, person=person)
    receipt = Erasure.objects.create(library=library, person=person, reason="withdrawn")
    named = {"person": person, "consent": consent, "face": face, "voice": voice}
    return {**named, "group": group, "receipt": receipt}


def webp():
    written = BytesIO()
    Image.new("RGB", (64, 48)).save(written, "WEBP")
    return written.getvalue()


@pytest.fixture
def visitors(rows):
    library, inside = rows["library"], rows["collection"]
    outside = Collection.objects.create(library=library, name="Elsewhere")
    closed = make_member(library, Role.ADMINISTRATOR)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    newcomer = make_member(library, Role.ADMINISTRATOR)
    User.objects.filter(pk=newcomer.pk).update(one_time_password=True)
    return [
        Visitor("anonymous"),
        Visitor("closed", closed),
        Visitor("newcomer", newcomer),
        Visitor("stranger", make_member(make_library(), Role.ADMINISTRATOR)),
        Visitor("without membership", make_user()),
        Visitor(
            "archivist of another collection",
            make_member(library, Role.ARCHIVIST, outside),
            Role.ARCHIVIST,
            "another collection",
        ),
        Visitor("viewer inside", make_member(library, Role.VIEWER, inside), Role.VIEWER, "collection"),
        Visitor(
            "archivist inside", make_member(library, Role.ARCHIVIST, inside), Role.ARCHIVIST, "collection"
        ),
        *(Visitor(role.label, make_member(library, role), role) for role in Role),
        Visitor("installation", make_user(is_superuser=True), Role.ADMINISTRATOR),
    ]


def client_of(visitor):
    client = Client()
    if visitor.user:
        client.force_login(visitor.user)
    return client


def state_of_everything():
    """A digest of all rows that anybody could want to change."""
    tables = [model._meta.db_table for model in KEPT]
    digests = ", ".join(
        f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t)"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {digests}, (SELECT count(*) FROM sharing_user)")  # noqa: S608
        return cursor.fetchone()


def ask(client, method, name, rule, rows):
    values = [getattr(rows[each], "pk", rows[each]) for each in rule.rows]
    body = {} if method in {"GET", "HEAD"} else {"data": rule.data(rows)}
    if body and (name.startswith("api:") or method != "POST"):
        body["content_type"] = "application/json"
    send = getattr(client, method.lower())
    return send(reverse(name, args=values), **body, headers=rule.headers(rows))


def shown(response):
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content)
    return response.content


def is_sent_away(response):
    return response.status_code == 302 and response["Location"].startswith("/accounts/")


@contextmanager
def undone():
    """A savepoint that is rolled back, so that the next visitor finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def refused(response):
    return response.status_code in REFUSED or is_sent_away(response)


def test_every_address_has_a_rule():
    known = PUBLIC | OWN | set(RULES)
    found = set(patterns())
    assert not found - known, (
        f"No rule in tests/sharing/addresses.py says who may use: {sorted(found - known)}"
    )
    assert not known - found, f"Rules for addresses that are gone: {sorted(known - found)}"


@pytest.mark.parametrize("name", sorted(set(RULES) & set(patterns())))
def test_an_address_shows_and_changes_only_what_the_visitor_may(name, rows, visitors):
    rule = RULES[name]
    before = state_of_everything()
    for visitor in visitors:
        client = client_of(visitor)
        for method, needed in rule.methods.items():
            if visitor.may(needed, rule):
                check_allowed(visitor, client, method, name, rows)
            else:
                check_refused(visitor, client, method, name, rows)
    assert state_of_everything() == before, f"{name} let somebody change what they may not"


def check_allowed(visitor, client, method, name, rows):
    with undone():
        response = ask(client, method, name, RULES[name], rows)
        told = f"{visitor.name}: {method} {name} answered {response.status_code}"
        assert response.status_code < 400, told
        assert not is_sent_away(response), told
        shown(response)


def check_refused(visitor, client, method, name, rows):
    rule = RULES[name]
    response = ask(client, method, name, rule, rows)
    told = f"{visitor.name}: {method} {name} answered {response.status_code}"
    if rule.rows or visitor.name in OUTSIDE:
        assert refused(response), told
    elif rule.methods[method] == 0:
        assert response.status_code == 200, told
    if not visitor.sees:
        assert MARK.encode() not in shown(response), f"{told} and showed what is hidden"


@pytest.mark.parametrize("name", sorted(set(RULES) & set(patterns())))
def test_a_method_that_an_address_does_not_name_changes_nothing(name, rows, visitors):
    rule = RULES[name]
    before = state_of_everything()
    for visitor in (each for each in visitors if each.name in {"stranger", "installation"}):
        client = client_of(visitor)
        for method in set(METHODS) - set(rule.methods):
            response = ask(client, method, name, rule, rows)
            if visitor.name == "stranger" and rule.rows:
                assert refused(response), f"{method} {name} answered a stranger {response.status_code}"
    assert state_of_everything() == before, f"{name} changed something by a method that no rule names"


@pytest.mark.parametrize("name", sorted(set(TRASHABLE) & set(patterns())))
def test_nobody_reaches_a_trashed_asset(name, rows, visitors):
    rule = RULES[name]
    Asset.objects.filter(pk=rows["asset"].pk).update(trashed_at=timezone.now())
    before = state_of_everything()
    for visitor in (each for each in visitors if each.role >= Role.ARCHIVIST):
        client = client_of(visitor)
        for method in rule.methods:
            response = ask(client, method, name, rule, rows)
            assert refused(response), f"{visitor.name}: {method} {name} answered {response.status_code}"
    assert state_of_everything() == before


@pytest.mark.parametrize("name", sorted(OWN))
def test_whoever_is_not_signed_in_is_sent_to_sign_in(name, client):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_nobody_signs_up_by_themselves(client):
    before = User.objects.count()
    chosen = {"email": "eve@example.org", "password1": "a long sentence", "password2": "a long sentence"}
    client.post(reverse("account_signup"), chosen)
    assert User.objects.count() == before
