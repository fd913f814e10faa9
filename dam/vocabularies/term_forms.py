"""Forms that make, change and merge terms. Labels, and other terms, stand one on each line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms

from dam.vocabularies import concepts
from dam.vocabularies.concepts import Concept
from dam.vocabularies.labels import ALTERNATIVE, HIDDEN, PREFERRED, LabelError, Wording, lines, name_of, typed
from dam.vocabularies.models import Term, Vocabulary, new_uri
from dam.vocabularies.planning import URI

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = {PREFERRED: "preferred", ALTERNATIVE: "alternative", HIDDEN: "hidden"}
"""The field of each kind of label."""


def _lines(label: str, help_text: str = "", rows: int = 2, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=forms.Textarea({"rows": rows})
    )


class TermForm(forms.Form):
    """Everything about a term. `revision` is that of the term when the form was shown."""

    preferred = _lines(
        "Preferred labels",
        "One for each language. Another language stands before it: de: Eule",
        required=True,
    )
    alternative = _lines("Other labels", "Synonyms, one on each line. They are searched for as well.")
    hidden = _lines("Hidden labels", "Misspellings and the like: searched for, never shown.", rows=1)
    broader = _lines("Broader terms", "By their names, one on each line. None for a term at the top.")
    related = _lines("Related terms")
    notation = forms.CharField(max_length=100, required=False, help_text="A code, such as 598.97.")
    scope_note = _lines("Scope note", "What the term is for, and what not.")
    exact = _lines("The same in other vocabularies", "Addresses (URIs), one on each line.", rows=1)
    close = _lines("Nearly the same in other vocabularies", rows=1)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, vocabulary: Vocabulary, term: Term | None, data: Any = None, initial: Any = None
    ) -> None:
        self.vocabulary, self.term = vocabulary, term
        known = concepts.read(vocabulary, [term.uri]) if term else {}
        self.before = known[term.uri] if term else Concept(uri=address(vocabulary))
        super().__init__(data, initial={**self._shown(), **(initial or {})})
        for name in ("broader", "related"):
            self.fields[name].widget.attrs |= {"data-terms": "lines", "data-vocabulary": vocabulary.pk}

    def _shown(self) -> dict[str, object]:
        concept, language = self.before, self.vocabulary.language
        names = shown_names(self.vocabulary, [*concept.broader, *concept.related])
        return {
            **{field: lines(concept.labels, kind, language) for kind, field in LABELS.items()},
            "broader": "\n".join(names[uri] for uri in concept.broader),
            "related": "\n".join(names[uri] for uri in concept.related),
            "notation": concept.notation,
            "scope_note": concept.notes.get("scopeNote", {}).get(language, ""),
            "exact": "\n".join(concept.matches.get("exactMatch", ())),
            "close": "\n".join(concept.matches.get("closeMatch", ())),
            "revision": self.term.revision if self.term else None,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for kind, field in LABELS.items():
            values[field] = self._tried(
                field, lambda text, kind=kind: typed(text, kind, self.vocabulary.language)
            )
        for field in ("broader", "related"):
            values[field] = self._tried(field, self._terms)
        for field in ("exact", "close"):
            values[field] = self._tried(field, _addresses)
        if self.term and values.get("revision") != self.term.revision:
            self._tell_of_the_other(values)
        return values

    def _tried(self, field: str, read: Any) -> list[Any]:
        try:
            found: list[Any] = read(self.cleaned_data.get(field, ""))
        except (LabelError, forms.ValidationError) as problem:
            self.add_error(field, problem if isinstance(problem, forms.ValidationError) else str(problem))
            return []
        return found

    def _tell_of_the_other(self, values: dict[str, Any]) -> None:
        """Somebody saved meanwhile: nothing is lost, and saving once more means it."""
        theirs = ", ".join(f"“{each.text}”" for each in self.before.labels)
        self.add_error(
            None,
            f"Somebody has changed this term meanwhile; its labels are now {theirs}. "
            "What you typed is still here: save again to put it in their place.",
        )
        self.data = {**dict(self.data.items()), "revision": str(self.term.revision if self.term else "")}

    def _terms(self, text: str) -> list[str]:
        wanted = [line for each in text.splitlines() if (line := " ".join(each.split()))]
        return [_term(self.vocabulary, name).uri for name in wanted]

    def concept(self) -> Concept:
        """What the form says. Call it on a valid form."""
        chosen, before = self.cleaned_data, self.before
        labels: list[Wording] = [each for field in LABELS.values() for each in chosen[field]]
        return Concept(
            before.uri,
            tuple(sorted(set(labels))),
            chosen["notation"],
            _with_note(before.notes, self.vocabulary.language, chosen["scope_note"].strip()),
            _with_matches(before.matches, exactMatch=chosen["exact"], closeMatch=chosen["close"]),
            tuple(sorted(set(chosen["broader"]))),
            tuple(sorted(set(chosen["related"]))),
        )

    def name(self) -> str:
        """What the term will be called. Call it on a valid form."""
        return name_of(self.concept().labels, self.vocabulary.language)


class MergeForm(forms.Form):
    """The term with which another becomes one."""

    into = forms.CharField(label="Into", help_text="The name of the term that stays.")

    def __init__(self, term: Term, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._term = term
        self.fields["into"].widget.attrs |= {"data-terms": "one", "data-vocabulary": term.vocabulary_id}

    def clean_into(self) -> Term:
        """The term of that name."""
        return _term(self._term.vocabulary, " ".join(self.cleaned_data["into"].split()))


def address(vocabulary: Vocabulary) -> str:
    """An address for a new term, below that of its vocabulary where that is on the web."""
    own = new_uri()
    if not vocabulary.uri.startswith(("http://", "https://")):
        return own
    whole = vocabulary.uri if vocabulary.uri.endswith(("#", "/")) else f"{vocabulary.uri}/"
    return f"{whole}{own.removeprefix('urn:uuid:')}"


def _term(vocabulary: Vocabulary, name: str) -> Term:
    """The term of that address, or of that label. Raises ValidationError where there is none, or several."""
    found = list(vocabulary.terms.filter(uri=name)) or list(
        vocabulary.terms.filter(labels__text__iexact=name).distinct().order_by("pk")[:5]
    )
    exact = [term for term in found if term.name.casefold() == name.casefold()]
    if len(found) == 1 or len(exact) == 1:
        return (exact or found)[0]
    if not found:
        raise forms.ValidationError(f"There is no term “{name[:100]}” in this vocabulary.")
    addresses = ", ".join(term.uri for term in found)
    raise forms.ValidationError(f"Several terms are called “{name}”. Write the address of one: {addresses}.")


def shown_names(vocabulary: Vocabulary, uris: Iterable[str]) -> dict[str, str]:
    """The names of terms, or their addresses where a name is not theirs alone."""
    rows = dict(vocabulary.terms.filter(uri__in=list(uris)).values_list("uri", "name"))
    counted = Counter(vocabulary.terms.filter(name__in=rows.values()).values_list("name", flat=True))
    return {uri: uri if counted[name] > 1 else name for uri, name in rows.items()}


def _addresses(text: str) -> list[str]:
    found = text.split()
    for each in found:
        if not URI.fullmatch(each):
            raise forms.ValidationError(f"“{each[:100]}” is no address, such as http://example.org/owl.")
    return sorted(set(found))


def _with_note(notes: Any, language: str, text: str) -> dict[str, dict[str, str]]:
    """The notes with that scope note, or without one, in the language."""
    scope = {key: note for key, note in notes.get("scopeNote", {}).items() if key != language}
    scope |= {language: text} if text else {}
    rest = {key: dict(value) for key, value in notes.items() if key != "scopeNote"}
    return {**rest, "scopeNote": scope} if scope else rest


def _with_matches(matches: Any, **chosen: list[str]) -> dict[str, list[str]]:
    merged = {**matches, **chosen}
    return {name: uris for name, uris in merged.items() if uris}
