"""The end of consent: what it allowed is erased, places are barred, and a receipt says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dam.collections.models import Library
from dam.people import grouping, tombstones
from dam.people.biometrics import FACE, KINDS, VOICE
from dam.people.consent import hold
from dam.people.grounds import ungrounded
from dam.people.models import Consent, Erasure, Face, FaceCluster, LibraryRecognition, Person
from dam.people.signals import traces_erased
from dam.sharing.models import User
from indexing import store
from indexing.models import Annotation, Embedding

HOLDING = (Annotation.Status.ACCEPTED, Annotation.Status.PROPOSED)


def withdraw(person: Person, user: User | None) -> Erasure:
    """End every consent of a person and erase what it allowed; returns the receipt.

    The person's record, its consents and this receipt stay, as the proof that it was done.
    """
    with transaction.atomic():
        hold(person.library_id, shared=False)
        open_ended = person.consents.filter(withdrawn_at=None)
        open_ended.update(withdrawn_at=timezone.now(), withdrawn_by=user)
        receipt = _erase(person, {FACE, VOICE}, Erasure.Reason.WITHDRAWN, user)
        person.consents.filter(ended_at=None).update(ended_at=receipt.made_at)
    return receipt


def end_basis(library: Library, user: User | None) -> Erasure:
    """End the library's basis for unnamed faces and erase what it allowed; returns the receipt."""
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


def _expire(person_id: int) -> Erasure | None:
    """The receipt, or None where another consent allows the same."""
    with transaction.atomic():
        person = Person.objects.get(pk=person_id)
        hold(person.library_id, shared=False)
        ended = Consent.objects.run_out().filter(person=person)
        lost = {scope for scope in _covered(ended) if not person.consents_to(scope)}
        receipt = _erase(person, lost, Erasure.Reason.EXPIRED, None) if lost else None
        ended.update(ended_at=timezone.now())
    return receipt


def _covered(consents: Iterable[Consent]) -> set[str]:
    """The scopes, face or voice, of those consents together."""
    scopes = {consent.scope for consent in consents}
    return {FACE, VOICE} if Consent.Scope.BOTH in scopes else scopes


def _expire_basis(library_id: int) -> Erasure:
    with transaction.atomic():
        hold(library_id, shared=False)
        receipt = _erase_unnamed(Library.objects.get(pk=library_id), Erasure.Reason.EXPIRED, None)
        LibraryRecognition.objects.run_out().filter(library=library_id).update(ended_at=receipt.made_at)
    return receipt


def _erase(person: Person, scopes: set[str], reason: str, user: User | None) -> Erasure:
    """Names, vectors and groups of those scopes; tombstones lie where the person was."""
    facts = _facts_about(person, [KINDS[scope] for scope in scopes])
    faces = _faces_of(person) if FACE in scopes else Face.objects.none()
    clusters = set(faces.exclude(cluster=None).values_list("cluster", flat=True))
    counts, vectors = Counter(_by_kind(facts)), _vectors_of(faces)
    counts["vectors"] = len(vectors)
    counts["tombstones"] = tombstones.lay(_places(facts, faces))
    counts["group memberships"] = faces.exclude(cluster=None).count()
    asset_ids = set(facts.values_list("asset", flat=True)) | {each.asset_id for each in vectors}
    store.erase(facts, Embedding.objects.filter(pk__in=[each.pk for each in vectors]))
    grouping.recompute(clusters)
    return _receipt(person.library, reason, user, counts, asset_ids, person=person)


def _erase_unnamed(library: Library, reason: str, user: User | None) -> Erasure:
    """Vectors that nobody's consent covers, and every group of the library."""
    vectors = ungrounded(Embedding.objects.filter(asset__library=library))
    asset_ids = set(vectors.values_list("asset", flat=True))
    counts = Counter(vectors=vectors.count())
    counts["groups"] = FaceCluster.objects.filter(library=library).delete()[1].get("people.FaceCluster", 0)
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


def _facts_about(person: Person, kinds: Iterable[str]) -> QuerySet[Annotation]:
    """Facts that name the person: those tied to them, and those that give the name with no tie at all."""
    by_name = Q(asset__library=person.library_id, appearance=None, text__iexact=person.name)
    if Person.objects.filter(library=person.library_id, name__iexact=person.name).count() > 1:
        by_name = Q(pk__in=[])
    facts = Annotation.objects.filter(Q(appearance__person=person) | by_name, kind__in=kinds)
    return Annotation.objects.filter(pk__in=list(facts.values_list("pk", flat=True)))


def _faces_of(person: Person) -> QuerySet[Face]:
    """Faces tied to the person, and the nameless ones that were grouped with them."""
    tied = Face.objects.filter(appearance__person=person, appearance__annotation__status__in=HOLDING)
    grouped = Face.objects.filter(appearance=None, cluster__in=tied.exclude(cluster=None).values("cluster"))
    pks = [*tied.values_list("pk", flat=True), *grouped.values_list("pk", flat=True)]
    return Face.objects.filter(pk__in=pks)


def _vectors_of(faces: QuerySet[Face]) -> list[Embedding]:
    return [face.embedding for face in faces.select_related("embedding").defer("embedding__vector")]


def _places(facts: QuerySet[Annotation], faces: QuerySet[Face]) -> list[Annotation]:
    """Facts at whose places the person was: a name that was refused there says that they were not."""
    boxes = Annotation.objects.filter(embeddings__face__in=faces)
    return [*facts.filter(status__in=HOLDING), *boxes]


def _by_kind(facts: QuerySet[Annotation]) -> dict[str, int]:
    """How many names and speaker labels there are among the facts."""
    words = {KINDS[FACE]: "names", KINDS[VOICE]: "speaker labels"}
    return {word: facts.filter(kind=kind).count() for kind, word in words.items()}
