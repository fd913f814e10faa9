"""What the transcript editor answers: its page, or the segments that htmx puts in the place of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from dam.assets import turns_state
from dam.assets.models import Asset
from dam.assets.replacing import Status
from dam.assets.turns_form import Done
from dam.assets.turns_speakers import Speaker, speakers_of
from dam.assets.turns_window import Segment, checked, segments_of, standing_at, window
from dam.assets.views import second
from indexing.models import Annotation

PAGE, LIST = "assets/transcript_editor.html", "assets/turn_list.html"


@dataclass(frozen=True)
class Problem:
    """Why a segment was not saved, in words, and what was typed."""

    fact: Annotation
    typed: str
    said: str


def page(request: HttpRequest, asset: Asset, **more: Any) -> HttpResponse:
    """The editor; `more` may hold a `problem` of a segment, a `conflict`, or a `label` that was refused."""
    people = speakers_of(asset)
    problem = more.get("problem") or more.get("conflict")
    start = problem.fact.start if problem else second(request.GET.get("t", ""))
    cursor = "" if problem else request.GET.get("at", "")
    shown = window(asset, people, start or 0.0, cursor)
    first = shown.segments[0].fact.start if cursor and shown.segments else start
    context = {
        **_standing(asset, people),
        "asset": asset,
        "shown": shown,
        "segments": shown.segments,
        "states": turns_state.STATES,
        "second": first or 0.0,
        "removed": _removed(asset, request.GET.get("removed", "")),
        **more,
    }
    return render(request, PAGE, context)


def answer(request: HttpRequest, target: Annotation, done: Done) -> HttpResponse:
    """The segments that stand in the place of the target now; without htmx, the page there."""
    asset = target.asset
    if HtmxDetails(request):
        people = speakers_of(asset)
        segments = segments_of(asset, done.facts, people)
        return render(
            request, LIST, _part(asset, people, segments, said=done.said, done=done, gone=done.gone)
        )
    messages.success(request, done.said)
    first = done.facts[0] if done.facts else target
    return redirect(address(asset, first, done.removed))


def again(request: HttpRequest, fact: Annotation, typed: str, said: str) -> HttpResponse:
    """The segment with what was typed and what is wrong with it."""
    problem = Problem(fact, typed, said)
    if not HtmxDetails(request):
        return page(request, fact.asset, problem=problem)
    people = speakers_of(fact.asset)
    segments = segments_of(fact.asset, [fact], people)
    return render(request, LIST, _part(fact.asset, people, segments, said=said, problem=problem))


def conflict(request: HttpRequest, fact: Annotation, typed: str, said: str) -> HttpResponse:
    """What somebody else wrote there meanwhile, and beside it what was typed: nothing is lost."""
    asset, problem = fact.asset, Problem(fact, typed, said)
    theirs = [
        each for each in standing_at(asset, fact.start or 0.0, fact.end or 0.0) if _stands_for(each, fact)
    ]
    if not HtmxDetails(request):
        return page(request, asset, conflict=problem, theirs=theirs)
    people = speakers_of(asset)
    gone = tuple(each.pk for each in theirs if each.pk != fact.pk)
    context = _part(asset, people, segments_of(asset, theirs, people), said=said, gone=gone)
    return render(request, LIST, {**context, "conflict": problem, "theirs": theirs})


def address(asset: Asset, fact: Annotation | None = None, removed: Annotation | None = None) -> str:
    """The editor at a segment, or at the place of one that was taken away."""
    query: dict[str, str] = {}
    if fact is not None:
        query["t"] = f"{fact.start or 0:.3f}"
    if removed is not None:
        query["removed"] = str(removed.pk)
    anchor = f"#turn-{fact.pk}" if fact is not None else ""
    return f"{reverse('edit-transcript', args=[asset.pk])}?{urlencode(query)}{anchor}"


def _part(asset: Asset, people: Sequence[Speaker], segments: list[Segment], **more: Any) -> dict[str, Any]:
    return {**_standing(asset, people), "asset": asset, "segments": segments, "in_place": True, **more}


def _standing(asset: Asset, people: Sequence[Speaker]) -> dict[str, Any]:
    accepted, whole = checked(asset)
    return {
        "people": people,
        "new_speaker": max((each.number for each in people), default=0) + 1,
        "state": turns_state.state_of(asset),
        "checked": accepted,
        "whole": whole,
    }


def _stands_for(each: Annotation, fact: Annotation) -> bool:
    """Whether the middle of either lies in the other."""
    return _middle_in(each, fact) or _middle_in(fact, each)


def _middle_in(one: Annotation, other: Annotation) -> bool:
    middle = ((one.start or 0.0) + (one.end or 0.0)) / 2
    return (other.start or 0.0) <= middle <= (other.end or 0.0)


def _removed(asset: Asset, pk: str) -> Annotation | None:
    if not pk.isdecimal() or len(pk) > 18:
        return None
    gone = asset.annotations.filter(kind="speech", status__in=(Status.REJECTED, Status.SUPERSEDED))
    return gone.filter(pk=pk).first()
