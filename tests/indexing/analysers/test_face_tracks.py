"""One person a track: by place and likeness within a shot, by strong likeness from shot to shot."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.analysers import face_tracks
from indexing.analysers.contract import Place, Region
from indexing.analysers.face_tracks import Sighting, Track, Tracks
from indexing.engines.face_detector import Face
from indexing.engines.face_likeness import SAME, SURE

LEFT, RIGHT = Region(0.1, 0.2, 0.2, 0.3), Region(0.6, 0.2, 0.2, 0.3)


def person(number: int, cosine: float = 1.0) -> np.ndarray:
    """A unit vector with that cosine to the person's own, and none to other persons'."""
    vector = np.zeros(128, np.float32)
    vector[number], vector[64 + number] = cosine, np.sqrt(1 - cosine**2)
    return vector


def sighting(
    frame: int,
    vector: np.ndarray | None,
    region: Region = LEFT,
    shot: int = 0,
    start: float | None = None,
    quality: float = 0.8,
) -> Sighting:
    """A face in the frame that stands for two seconds."""
    begin = 2.0 * frame if start is None else start
    face = Face(0.9, region, np.zeros((5, 2)))
    return Sighting(frame, shot, begin + 1, Place(begin, begin + 2), face, quality, vector)


def tracked(*frames: list[Sighting]) -> list[Track]:
    tracks = Tracks()
    for frame in frames:
        tracks.see(frame)
    return tracks.best()


def test_two_people_who_change_places_keep_their_tracks() -> None:
    frames = [
        [sighting(0, person(1), LEFT), sighting(0, person(2), RIGHT)],
        [sighting(1, person(1), RIGHT), sighting(1, person(2), LEFT)],
    ]
    one, two = tracked(*frames)
    assert {each.face.region for each in one.sightings} == {LEFT, RIGHT}
    assert sorted(float(t.vector @ person(1)) for t in (one, two)) == pytest.approx([0, 1])


def test_one_who_moves_within_a_shot_is_known_by_likeness() -> None:
    (track,) = tracked([sighting(0, person(1))], [sighting(1, person(1, SAME + 0.02), RIGHT)])
    assert track.spans() == [(0.0, 4.0)]


def test_a_blurred_face_goes_on_where_it_was_but_not_elsewhere() -> None:
    assert len(tracked([sighting(0, person(1))], [sighting(1, None)])) == 1
    assert len(tracked([sighting(0, person(1))], [sighting(1, None, RIGHT)])) == 2
    assert len(tracked([sighting(0, person(1))], [sighting(2, None)])) == 2


def test_another_person_in_the_same_place_begins_a_track() -> None:
    assert len(tracked([sighting(0, person(1))], [sighting(1, person(2))])) == 2
    assert len(tracked([sighting(0, person(1))], [sighting(1, person(1, 0.3))])) == 1


def test_a_cut_takes_a_strong_likeness() -> None:
    before = [sighting(0, person(1))]
    assert len(tracked(before, [sighting(1, person(1, SURE - 0.02), shot=1)])) == 2
    assert len(tracked(before, [sighting(1, None, shot=1)])) == 2
    assert len(tracked(before, [sighting(1, person(1, SURE + 0.02), RIGHT, shot=1)])) == 1


def test_people_shown_in_turn_have_a_track_each_with_the_spans_they_are_seen_in() -> None:
    frames = [[sighting(n, person(n % 2), shot=n)] for n in range(5)]
    one, other = tracked(*frames)
    assert one.spans() == [(0.0, 2.0), (4.0, 6.0), (8.0, 10.0)]
    assert other.spans() == [(2.0, 4.0), (6.0, 8.0)]


def test_one_who_comes_back_much_later_begins_anew() -> None:
    later = face_tracks.GAP + 3
    assert len(tracked([sighting(0, person(1))], [sighting(1, person(1), shot=1, start=later)])) == 2
    assert len(tracked([sighting(0, person(1))], [], [sighting(2, person(1), shot=1, start=later - 2)])) == 1


def test_two_faces_of_one_frame_are_never_one_person() -> None:
    both = [sighting(1, person(1), LEFT), sighting(1, person(1, 0.9), RIGHT)]
    tracks = tracked([sighting(0, person(1))], both)
    assert sorted(len(track.sightings) for track in tracks) == [1, 2]


def test_clear_faces_weigh_more_and_poor_ones_nothing() -> None:
    track = Track()
    assert track.vector is None
    for each in (
        sighting(0, person(1), quality=0.9),
        sighting(1, person(2), quality=0.3),
        sighting(2, None, quality=0.1),
    ):
        track.add(each)
    assert track.vector is not None
    assert np.linalg.norm(track.vector) == pytest.approx(1)
    assert track.vector @ person(1) == pytest.approx(3 * (track.vector @ person(2)), rel=1e-4)
    assert track.best.frame == 0
    assert all(each.vector is None for each in track.sightings)


def test_a_film_has_no_more_tracks_than_allowed_and_keeps_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_tracks, "MOST_TRACKS", 3)
    frames = [[sighting(n, person(n % 60), shot=n, start=40.0 * n, quality=n / 20)] for n in range(20)]
    kept = tracked(*frames)
    assert [track.sightings[0].frame for track in kept] == [17, 18, 19]
