import pytest
from django.urls import reverse

from dam.people import grouping, questions, recognition
from dam.people.models import Answer, FaceCluster
from dam.people.questions import next_question
from dam.people.withdrawal import withdraw
from dam.sharing.models import Role
from tests.factories import make_asset, make_member
from tests.people.conftest import ADA, BOB, box, declare, face, make_person, see, unit

pytestmark = pytest.mark.django_db

DOUBTFUL = unit(0.33, 0, 0.94)
"""A cosine of 0.33 to Ada: the curve of the tests says one in three."""
NEAR_BOB = unit(0, 0.33, -0.94)


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def known(library, archivist):
    """Ada, known by one face; and a group of faces that may be hers."""
    declare(library)
    ada = make_person(library)
    portrait, other = make_asset(library), make_asset(library)
    see(portrait, face(ADA))
    recognition.name_face(box(portrait), ada, archivist)
    see(other, face(DOUBTFUL))
    grouping.group_new_faces()
    return ada, box(other)


@pytest.fixture
def two_groups(library, archivist):
    """Bob has no name, and lies in two groups."""
    declare(library)
    for vector in (BOB, BOB, NEAR_BOB):
        see(make_asset(library), face(vector))
    grouping.group_new_faces()
    return FaceCluster.objects.order_by("-size")


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_a_group_that_may_be_somebody_known_is_asked_about(archivist, known):
    ada, doubtful = known
    question = next_question(archivist)
    assert (question.person_id, question.group.faces.get().embedding.annotation) == (ada.pk, doubtful)
    assert 0.2 < question.probability < 0.5


def test_yes_names_the_faces_and_undo_takes_the_name_back(archivist, known):
    ada, doubtful = known
    question = next_question(archivist)
    answer = questions.answer_yes(archivist, question.group, ada, None)
    named = doubtful.asset.annotations.get(kind="person")
    assert (named.status, named.appearance.person) == ("accepted", ada)
    assert next_question(archivist) is None
    questions.take_back(answer)
    named.refresh_from_db()
    assert named.status == "superseded"


def test_no_is_remembered_and_can_be_undone(archivist, known):
    ada, _ = known
    question = next_question(archivist)
    answer = questions.answer_no(archivist, question.group, ada, None)
    assert next_question(archivist) is None
    questions.take_back(answer)
    assert next_question(archivist).pair == question.pair


def test_two_groups_that_may_be_one_are_joined_and_parted(archivist, two_groups):
    larger, smaller = two_groups
    question = next_question(archivist)
    assert (question.group, question.other, question.person_id) == (larger, smaller, None)
    answer = questions.answer_yes(archivist, larger, None, smaller)
    assert [group.size for group in FaceCluster.objects.all()] == [3]
    questions.take_back(answer)
    assert sorted(group.size for group in FaceCluster.objects.all()) == [1, 2]


def test_groups_that_were_told_apart_are_not_asked_about_again(archivist, two_groups):
    larger, smaller = two_groups
    questions.answer_no(archivist, smaller, None, larger)
    assert next_question(archivist) is None


def test_without_consent_or_a_basis_nothing_is_asked(archivist, library, known):
    ada, _ = known
    library.recognition.all().delete()
    assert next_question(archivist) is None
    declare(library)
    ada.consents.all().delete()
    assert next_question(archivist) is None


def test_a_withdrawal_leaves_no_answer_about_the_person(archivist, known):
    ada, _ = known
    questions.answer_no(archivist, next_question(archivist).group, ada, None)
    withdraw(ada, archivist)
    assert not Answer.objects.exists()


def test_one_key_answers_and_the_next_question_comes(client, archivist, known):
    ada, doubtful = known
    address = reverse("same-person")
    page = text(client.get(address))
    assert 'data-key="y"' in page
    group = next_question(archivist).group
    sent = {"group": group.pk, "person": ada.pk}
    assert "1 was skipped" in text(client.post(address, {**sent, "answer": "skip"}, follow=True))
    assert not Answer.objects.exists()
    client.post(address, {**sent, "answer": "yes"})
    assert doubtful.asset.annotations.get(kind="person").text == "Ada"
    answer = Answer.objects.get()
    assert "taken back" in text(client.post(reverse("undo-answer", args=[answer.pk]), follow=True))


def test_questions_are_answered_by_those_who_keep_the_library(client, library, archivist, known):
    ada, _ = known
    group = next_question(archivist).group
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    address = reverse("same-person")
    assert "No question is left" in text(client.get(address))
    for sent in ({"group": group.pk, "person": ada.pk, "answer": "no"}, {"group": "x"}, {}):
        assert client.post(address, sent).status_code == 404
    assert not Answer.objects.exists()


def test_a_group_is_not_compared_with_itself(client, archivist, two_groups):
    larger = two_groups[0]
    sent = {"group": larger.pk, "other": larger.pk, "answer": "yes"}
    assert client.post(reverse("same-person"), sent).status_code == 404
    assert FaceCluster.objects.count() == 2
