"""The form of one segment in the transcript editor, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from dam.assets.correction_form import LONGEST
from dam.assets.replacing import remove
from dam.assets.turns_edits import EditError, give, join, rewrite
from dam.assets.turns_speakers import speakers_of
from dam.export.spoken import plain
from dam.sharing.models import User
from indexing.models import Annotation


@dataclass(frozen=True)
class Done:
    """What an edit came to: segments to be shown, others that are gone, a sentence, and what can be undone.

    `undo` is the fact whose edit can be taken back, where the segments themselves do not say so; `removed` is
    the fact that was taken away.
    """

    said: str
    facts: list[Annotation]
    gone: tuple[int, ...] = ()
    undo: Annotation | None = None
    removed: Annotation | None = None


class TurnForm(forms.Form):
    """The words of a segment, and which button was pressed."""

    do = forms.ChoiceField(choices=[(name, name) for name in ("save", "join", "give", "remove")])
    text = forms.CharField(
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "A segment has at most %(limit_value)d characters. Split it first."},
    )
    speaker = forms.IntegerField(required=False, min_value=0)

    def apply(self, fact: Annotation, user: User) -> Done:
        """Do it. Raises EditError for what cannot be done, OutdatedError where the segment was changed."""
        if not self.is_valid():
            raise EditError(" ".join(str(each) for errors in self.errors.values() for each in errors))
        return DOES[self.cleaned_data["do"]](fact, self.cleaned_data, user)


def _save(fact: Annotation, values: Mapping[str, Any], user: User) -> Done:
    made = rewrite(fact, values["text"], user)
    if len(made) > 1:
        return Done(f"Split into {len(made)} segments.", made)
    return Done("Accepted as it stands." if made[0].pk == fact.pk else "Corrected.", made)


def _join(fact: Annotation, values: Mapping[str, Any], user: User) -> Done:
    before, made = join(fact, values["text"], user)
    return Done("Joined to the segment before it.", [made], gone=(before.pk,))


def _give(fact: Annotation, values: Mapping[str, Any], user: User) -> Done:
    number = values["speaker"]
    known = {each.number: each for each in speakers_of(fact.asset)}
    if number is None or (number not in known and number != max(known, default=0) + 1):
        raise EditError("Choose who says this.")
    typed = values["text"]
    same = not plain(typed) or plain(typed) == plain(fact.text)
    facts = [fact] if same else rewrite(fact, typed, user)
    turns = [give(each, number, user)[0] for each in facts]
    name = known[number].text if number in known else turns[0].text
    return Done(f"Given to {name}.", facts, undo=turns[0] if len(turns) == 1 else None)


def _remove(fact: Annotation, values: Mapping[str, Any], user: User) -> Done:
    return Done("Taken away.", [], removed=remove(fact, user))


DOES: dict[str, Callable[[Annotation, Mapping[str, Any], User], Done]] = {
    "save": _save,
    "join": _join,
    "give": _give,
    "remove": _remove,
}
