"""The end of consent: what it allowed is erased, places are barred, and a receipt says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dam.collections.models import Library
from dam.people import grouping, tombstones
from dam.people.biometrics import FACE, KINDS, SPACES, VOICE, spaces_of
from dam.people.consent import hold
from dam.people.grounds import ungrounded
from dam.people.models import Consent, Erasure, Face, FaceCluster, LibraryRecognition, Person, Scope
from dam.people.signals import traces_erased
from dam.people.speakers import turns_at
from dam.people.whereabouts import HOLDING
from dam.sharing.models import User
from indexing import store
from indexing.models import Annotation, Embedding

NAMED = {FACE: "names", VOICE: "speaker labels"}
"""What the receipt calls the facts that name somebody."""


def withdraw(person: Person, user: User | None, scopes: Collection[str] = (FACE, VOICE)) -> Erasure:
    """End a person's consents to those uses and erase what they allowed; returns the receipt.

    A consent to both uses of which one is withdrawn goes on as a consent to the other. The person's record,
    its consents and this receipt stay, as the proof that it was done.
    """
    with transaction.atomic():
        hold(person.library_id, shared=False)
        ended = [each for each in person.consents.filter(withdrawn_at=None) if each.scopes & set(scopes)]
        for consent in ended:
            _end(consent, user, consent.scopes - set(scopes))
        receipt = _erase(person, scopes, Erasure.Reason.WITHDRAWN, user)
        over = person.consents.filter(pk__in=[each.pk for each in ended], ended_at=None)
        over.update(ended_at=receipt.made_at)
    return receipt


def end_basis(library: Library, user: User | None) -> Erasure:
    """End the library's basis for unnamed faces and voices and erase what it allowed; returns the receipt."""
    with transaction.atomic():
        hold(library.pk, shared=False)
        LibraryRecognition.objects.filter(library=library, withdrawn_at=None).update(
            withdrawn_at=timezone.now(), withdrawn_by=user
        )
        return _erase_unnamed(library, Erasure.Reason.BASIS_ENDED, user)


def sweep() -> list[Erasure]:
    """Erase what consents and bases allowed that have run out; returns the receipts. Cheap where none has."""
    expired = Consent.objects.run_out().values_list("person", flat=True).distinct()
    receipts = [receipt for pk in list(expired) if (receipt := _expire(pk))]
    libraries = LibraryRecognition.objects.run_out().values_list("library", flat=True).distinct()
    return receipts + [_expire_basis(pk) for pk in list(libraries)]


def _end(consent: Consent, user: User | None, staying: Collection[str]) -> None:
    """Write down that a consent was withdrawn; what stays of it is a consent of its own."""
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now(), withdrawn_by=user)
    for scope in staying:
        consent.pk, consent._state.adding, consent.scope = None, True, Scope(scope)
        consent.save()


def _expire(person_id: int) -> Erasure | None:
    """The receipt, or None where another consent allows the same."""
    with transaction.atomic():
        person = Person.objects.get(pk=person_id)
        hold(person.library_id, shared=False)
        ended = Consent.objects.run_out().filter(person=person)
        covered = {scope for consent in ended for scope in consent.scopes}
        lost = {scope for scope in covered if not person.consents_to(scope)}
        receipt = _erase(person, lost, Erasure.Reason.EXPIRED, None) if lost else None
        ended.update(ended_at=timezone.now())
    return receipt


def _expire_basis(library_id: int) -> Erasure:
    with transaction.atomic():
        hold(library_id, shared=False)
        receipt = _erase_unnamed(Library.objects.get(pk=library_id), Erasure.Reason.EXPIRED, None)
        LibraryRecognition.objects.run_out().filter(library=library_id).update(ended_at=receipt.made_at)
    return receipt


def _erase(person: Person, scopes: Collection[str], reason: str, user: User | None) -> Erasure:
    """Names, vectors and groups of those scopes; tombstones lie where the person was."""
    counts: Counter[str] = Counter()
    asset_ids: set[int] = set()
    person.answers.all().delete()
    for scope in sorted(scopes):
        asset_ids |= _erase_scope(person, scope, counts)
    return _receipt(person.library, reason, user, counts, asset_ids, person=person)


def _erase_scope(person: Person, scope: str, counts: Counter[str]) -> set[int]:
    """Erase what one use left behind and count it; returns the assets that it was in."""
    facts, faces = _facts_about(person, KINDS[scope]), _faces_of(person, scope)
    clusters = set(faces.exclude(cluster=None).values_list("cluster", flat=True))
    vectors = _vectors_of(faces)
    counts[NAMED[scope]] += facts.count()
    counts["vectors"] += len(vectors)
    counts["tombstones"] += tombstones.lay(_places(facts, faces, scope), scope)
    counts["group memberships"] += faces.exclude(cluster=None).count()
    asset_ids = set(facts.values_list("asset", flat=True)) | {each.asset_id for each in vectors}
    store.erase(facts, Embedding.objects.filter(pk__in=[each.pk for each in vectors]))
    grouping.recompute(clusters)
    return asset_ids


def _erase_unnamed(library: Library, reason: str, user: User | None) -> Erasure:
    """Vectors that nobody's consent covers, and every group that no basis covers."""
    vectors = ungrounded(Embedding.objects.filter(asset__library=library))
    asset_ids = set(vectors.values_list("asset", flat=True))
    bases = LibraryRecognition.objects.holding().filter(library=library)
    based = {scope for basis in bases for scope in basis.scopes}
    bare = [space for space, scope in SPACES.items() if scope not in based]
    groups = FaceCluster.objects.filter(library=library, space__in=bare)
    counts = Counter(vectors=vectors.count(), groups=groups.count())
    groups.delete()
    store.erase(Annotation.objects.none(), vectors)
    return _receipt(library, reason, user, counts, asset_ids)


def _receipt(
    library: Library,
    reason: str,
    user: User | None,
    counts: Counter[str],
    asset_ids: set[int],
    person: Person | None = None,
) -> Erasure:
    counts["assets"] = len(asset_ids)
    told = partial(traces_erased.send, sender=Person, asset_ids=sorted(asset_ids))
    transaction.on_commit(told, robust=True)
    return Erasure.objects.create(
        library=library, person=person, reason=reason, made_by=user, counts=dict(counts)
    )


def _facts_about(person: Person, kind: str) -> QuerySet[Annotation]:
    """Facts that name the person: those tied to them, and those that give the name with no tie at all."""
    by_name = Q(asset__library=person.library_id, appearance=None, text__iexact=person.name)
    if Person.objects.filter(library=person.library_id, name__iexact=person.name).count() > 1:
        by_name = Q(pk__in=[])
    facts = Annotation.objects.filter(Q(appearance__person=person) | by_name, kind=kind)
    return Annotation.objects.filter(pk__in=list(facts.values_list("pk", flat=True)))


def _faces_of(person: Person, scope: str) -> QuerySet[Face]:
    """Faces, or voices, tied to the person, and the nameless ones that were grouped with them."""
    tied = Face.objects.filter(
        appearance__person=person,
        appearance__annotation__status__in=HOLDING,
        embedding__space__in=spaces_of(scope),
    )
    grouped = Face.objects.filter(appearance=None, cluster__in=tied.exclude(cluster=None).values("cluster"))
    pks = [*tied.values_list("pk", flat=True), *grouped.values_list("pk", flat=True)]
    return Face.objects.filter(pk__in=pks)


def _vectors_of(faces: QuerySet[Face]) -> list[Embedding]:
    return [face.embedding for face in faces.select_related("embedding").defer("embedding__vector")]


def _places(facts: QuerySet[Annotation], faces: QuerySet[Face], scope: str) -> Iterable[Annotation]:
    """Facts at whose places the person was: a name that was refused there says that they were not.

    A speaker was there in all of his turns.
    """
    found = [*facts.filter(status__in=HOLDING), *Annotation.objects.filter(embeddings__face__in=faces)]
    return [*found, *turns_at(found)] if scope == VOICE else found
