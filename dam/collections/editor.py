"""What the editor of an exhibition shows: each section and moment with its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dam.collections.exhibition_forms import AddMomentForm, ExhibitionForm, MomentForm, SectionForm
from dam.collections.exhibitions import left_out, obstacles
from dam.collections.models import Exhibition, ExhibitionMoment, ExhibitionSection
from dam.sharing.models import User
from indexing import flags


@dataclass(frozen=True)
class MomentDesk:
    """A moment, its form, and why visitors are not shown it, empty where they are."""

    moment: ExhibitionMoment
    form: MomentForm
    left_out: str


@dataclass(frozen=True)
class SectionDesk:
    """A section, its forms and its moments."""

    section: ExhibitionSection
    form: SectionForm
    adding: AddMomentForm
    moments: list[MomentDesk]


class Editor:
    """The forms of one exhibition. `failed` holds forms that could not be saved, shown as they were sent."""

    def __init__(self, user: User, exhibition: Exhibition, failed: Mapping[str, Any]) -> None:
        self._user = user
        self._exhibition = exhibition
        self._failed = {form.prefix: form for form in failed.values()}
        self._sections = list(exhibition.sections.all())

    @cached_property
    def form(self) -> ExhibitionForm:
        """Title, address and introduction."""
        failed: ExhibitionForm | None = self._failed.get(None)
        return failed or ExhibitionForm(instance=self._exhibition)

    @cached_property
    def sections(self) -> list[SectionDesk]:
        """Everything that has not been taken out, in order."""
        return [self._desk(section) for section in self._sections if section.taken_out_at is None]

    @cached_property
    def obstacles(self) -> list[str]:
        """What keeps it from being published."""
        return obstacles(self._exhibition)

    @property
    def sections_out(self) -> list[ExhibitionSection]:
        """Sections that can be put back."""
        return [section for section in self._sections if section.taken_out_at is not None]

    @property
    def moments_out(self) -> list[ExhibitionMoment]:
        """Moments that can be put back."""
        return [each for moments in self._moments.values() for each in moments if each.taken_out_at]

    @cached_property
    def _moments(self) -> dict[int, list[ExhibitionMoment]]:
        found = ExhibitionMoment.objects.filter(section__exhibition=self._exhibition)
        by_section: dict[int, list[ExhibitionMoment]] = defaultdict(list)
        for moment in found.select_related("asset__rights").prefetch_related("asset__renditions"):
            by_section[moment.section_id].append(moment)
        flags.mark(moment.asset for moments in by_section.values() for moment in moments)
        return by_section

    def _desk(self, section: ExhibitionSection) -> SectionDesk:
        prefix = f"section-{section.pk}"
        return SectionDesk(
            section,
            self._failed.get(prefix) or SectionForm(instance=section, prefix=prefix),
            self._failed.get(f"add-{section.pk}") or self._adding_to(section),
            [self._moment(each) for each in self._moments[section.pk] if each.taken_out_at is None],
        )

    def _adding_to(self, section: ExhibitionSection) -> AddMomentForm:
        form = AddMomentForm(self._user, self._exhibition.library, prefix=f"add-{section.pk}")
        form.fields["lightbox"].choices = self._lightboxes  # type: ignore[attr-defined]
        return form

    @cached_property
    def _lightboxes(self) -> list[Any]:
        """The choices of lightboxes, asked for once."""
        return list(AddMomentForm(self._user, self._exhibition.library).fields["lightbox"].choices)  # type: ignore[attr-defined]

    def _moment(self, moment: ExhibitionMoment) -> MomentDesk:
        prefix = f"moment-{moment.pk}"
        form = self._failed.get(prefix) or MomentForm(instance=moment, prefix=prefix)
        return MomentDesk(moment, form, left_out(moment, self._exhibition.library_id))
