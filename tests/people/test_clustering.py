import numpy as np
import pytest

from dam.people import grouping
from dam.people.clustering import THRESHOLD, Clusters, cluster
from dam.people.models import Face, FaceCluster
from tests.bench.bench_clustering import directions, pairwise, pictured
from tests.factories import make_asset
from tests.people.conftest import ADA, BOB, LIKE_ADA, RIGHT, declare, face, see


def crowd(people: int, faces: int, seed: int = 1):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, people, faces)
    return truth, pictured(directions(rng, people)[truth], rng)


def test_faces_of_one_person_come_together_and_others_do_not():
    truth, vectors = crowd(40, 3000)
    precision, recall = pairwise(truth, cluster(vectors))
    assert precision > 0.99
    assert recall > 0.97


def test_faces_that_come_in_parts_are_grouped_as_well_as_all_at_once():
    truth, vectors = crowd(40, 3000)
    clusters = Clusters(vectors.shape[1])
    labels = np.concatenate([clusters.assign(part) for part in np.array_split(vectors, 30)])
    clusters.merge()
    labels = np.array([clusters.current(label) for label in labels])
    precision, recall = pairwise(truth, labels)
    assert precision > 0.99
    assert recall > 0.97


def test_a_chain_of_look_alikes_does_not_join_two_people():
    """Each neighbour has a cosine of 0.87, above the threshold; the ends have nothing in common."""
    angles = np.radians(np.arange(0, 181, 30))
    chain = np.zeros((len(angles), 128), np.float32)
    chain[:, 0], chain[:, 1] = np.cos(angles), np.sin(angles)
    labels = cluster(chain)
    assert labels[0] != labels[-1]


def test_the_mean_cosine_to_a_group_is_exact():
    _, vectors = crowd(1, 50)
    clusters = Clusters(vectors.shape[1], threshold=-0.5)
    clusters.assign(vectors)
    assert clusters.mean(0) @ vectors[0] == pytest.approx((vectors @ vectors[0]).mean(), abs=1e-5)


def test_groups_that_grow_alike_are_merged():
    clusters = Clusters(2, THRESHOLD)
    clusters.load(np.array([[1.0, 0.0], [0.8, 0.6]], np.float32), np.array([2, 5]))
    clusters.assign(np.array([[0.95, 0.3122]], np.float32))
    assert clusters.merge() == {0: 1}
    assert clusters.current(0) == 1
    assert clusters.sizes[:2].tolist() == [0, 8]


def test_no_faces_make_no_groups():
    assert cluster(np.empty((0, 128), np.float32)).tolist() == []


@pytest.mark.django_db
def test_kept_faces_are_grouped_in_the_database_as_they_come(library):
    declare(library)
    first, second = make_asset(library), make_asset(library)
    see(first, face(ADA), face(BOB, RIGHT))
    assert grouping.group_new_faces() == 2
    see(second, face(LIKE_ADA))
    assert grouping.group_new_faces() == 1
    assert sorted(FaceCluster.objects.values_list("size", flat=True)) == [1, 2]
    assert grouping.group_new_faces() == 0


@pytest.mark.django_db
def test_a_new_look_at_an_asset_leaves_no_stale_member_in_a_group(library):
    declare(library)
    asset = make_asset(library)
    see(asset, face(ADA), face(LIKE_ADA, RIGHT))
    grouping.group_new_faces()
    see(asset, face(ADA), version="2")
    grouping.group_new_faces()
    group = FaceCluster.objects.get()
    assert (group.size, group.mean) == (1, pytest.approx(ADA))


@pytest.mark.django_db
def test_without_a_basis_nothing_is_grouped(library):
    basis = declare(library)
    see(make_asset(library), face(ADA))
    basis.delete()
    assert grouping.group_new_faces() == 0
    assert Face.objects.get().cluster is None
