"""Groups of kept faces, and of kept voices, in the database: new ones are taken in batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, F, QuerySet

from dam.collections.models import Library
from dam.people.biometrics import SPACES
from dam.people.clustering import THRESHOLDS, Clusters
from dam.people.consent import hold
from dam.people.models import Face, FaceCluster, LibraryRecognition

BATCH = 10_000
"""Vectors that are read at once."""

RECOMPUTE = """
    UPDATE people_facecluster AS cluster SET mean = members.mean, size = members.size
    FROM (SELECT face.cluster_id, avg(embedding.vector) AS mean, count(*) AS size
          FROM people_face AS face JOIN indexing_embedding AS embedding ON embedding.id = face.embedding_id
          WHERE face.cluster_id = ANY(%s) GROUP BY face.cluster_id) AS members
    WHERE members.cluster_id = cluster.id
"""


def is_due() -> bool:
    """Whether a face or voice waits for a group, in a library with a basis for it."""
    return any(_waiting(space).exists() for space in SPACES)


def group_new_faces() -> int:
    """Group what came since the last time, in libraries with a basis for it; returns how many."""
    return sum(
        _group(library, space)
        for space in SPACES
        for library in Library.objects.filter(pk__in=_waiting(space).values("library"))
    )


def recompute(cluster_ids: Iterable[int]) -> None:
    """Derive groups anew from the members they have now; what nobody is left in is deleted."""
    ids = list(cluster_ids)
    if not ids:
        return
    FaceCluster.objects.filter(pk__in=ids, faces=None).delete()
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTE, [ids])


def _waiting(space: str) -> QuerySet[Face]:
    declared = LibraryRecognition.objects.valid(SPACES[space]).values("library")
    return Face.objects.filter(cluster=None, embedding__space=space, library__in=declared)


def _outgrown(library: Library) -> list[int]:
    """Groups whose faces were replaced or erased since they were derived."""
    groups = FaceCluster.objects.filter(library=library).annotate(members=Count("faces"))
    return list(groups.exclude(members=F("size")).values_list("pk", flat=True))


def _group(library: Library, space: str) -> int:
    """Group one batch of the library; withdrawals wait until it is written."""
    with transaction.atomic():
        hold(library.pk, shared=True)
        recompute(_outgrown(library))
        faces = list(
            Face.objects.filter(library=library, cluster=None, embedding__space=space)
            .order_by("pk")
            .values_list("pk", "embedding__vector")[:BATCH]
        )
        if not faces:
            return 0
        vectors = np.array([vector for _, vector in faces], dtype=np.float32)
        known = FaceCluster.objects.filter(library=library, space=space).order_by("pk")
        clusters, ids = _loaded(known, Clusters(vectors.shape[1], THRESHOLDS[SPACES[space]]))
        labels = clusters.assign(vectors)
        ended = clusters.merge()
        ids += _new(library, space, clusters, len(ids))
        _write_members([pk for pk, _ in faces], labels, ids)
        _write_merged(ended, ids)
        recompute({ids[label] for label in labels} | {ids[kept] for kept in ended.values()})
        FaceCluster.objects.filter(pk__in=[ids[group] for group in ended]).delete()
    return len(faces)


def _loaded(known: QuerySet[FaceCluster], clusters: Clusters) -> tuple[Clusters, list[int]]:
    """The groups of before, and the primary key of each by its number."""
    rows = list(known.values_list("pk", "mean", "size"))
    if rows:
        means = np.array([mean for _, mean, _ in rows], dtype=np.float32)
        clusters.load(means, np.array([size for _, _, size in rows], dtype=np.int64))
    return clusters, [pk for pk, _, _ in rows]


def _new(library: Library, space: str, clusters: Clusters, known: int) -> list[int]:
    rows = [
        FaceCluster(library=library, space=space, mean=clusters.totals[group], size=0)
        for group in range(known, clusters.count)
    ]
    return [row.pk for row in FaceCluster.objects.bulk_create(rows, batch_size=1000)]


def _write_members(faces: Sequence[int], labels: np.ndarray, ids: Sequence[int]) -> None:
    pairs = [Face(pk=pk, cluster_id=ids[label]) for pk, label in zip(faces, labels, strict=True)]
    Face.objects.bulk_update(pairs, ["cluster"], batch_size=2000)


def _write_merged(ended: dict[int, int], ids: Sequence[int]) -> None:
    for group, kept in ended.items():
        Face.objects.filter(cluster=ids[group]).update(cluster=ids[kept])
