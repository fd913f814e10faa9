"""Forms of saved searches and of their alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from dam.sharing.scopes import whole_libraries_for
from dam.webhooks.addresses import AddressError, check
from dam.webhooks.signing import new_secret
from search import saved_alerts, saved_mail
from search.parser import MAX_CHARACTERS, QueryError, parse
from search.saved import own_searches
from search.saved_models import SavedSearch

if TYPE_CHECKING:
    from dam.sharing.models import User


class SavedSearchForm(forms.ModelForm):
    """A search, its name, and with whom it is shared."""

    text = forms.CharField(
        label="Search",
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text="As in the search box, fields and all.",
    )

    class Meta:
        model = SavedSearch
        fields = ["name", "text", "library"]
        labels = {"library": "Shared with"}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner = user
        shared = self.fields["library"]
        shared.queryset = whole_libraries_for(user).order_by("name")  # type: ignore[attr-defined]
        shared.empty_label = "Nobody: only you see it"  # type: ignore[attr-defined]
        shared.label_from_instance = lambda library: f"The members of {library}"  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        namesakes = own_searches(self.instance.owner).filter(name=name).exclude(pk=self.instance.pk)
        if namesakes.exists():
            raise forms.ValidationError("You have a saved search of that name already.")
        return name

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            searched = bool(parse(text))
        except QueryError as problem:
            raise forms.ValidationError(str(problem)) from problem
        if not searched:
            raise forms.ValidationError("There is nothing to search for in it.")
        return text

    def save(self, commit: bool = True) -> SavedSearch:
        """The search; where its text was changed and it has alerts, they begin anew."""
        saved: SavedSearch = super().save(commit)
        if saved.alerts_since and "text" in self.changed_data:
            saved_alerts.switch_on(saved)
        return saved


class AlertForm(forms.ModelForm):
    """Whether, and how, the owner is told of what is new."""

    alerts = forms.BooleanField(required=False, label="Tell me of new answers, on the page of alerts")
    webhook_url = forms.CharField(
        required=False,
        max_length=1000,
        label="Also post to this address (webhook)",
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text="JSON by HTTPS, signed as Standard Webhooks says.",
    )

    class Meta:
        model = SavedSearch
        fields = ["alerts", "by_mail", "webhook_url"]
        labels = {"by_mail": "Also by e-mail"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["alerts"] = self.instance.alerts_since is not None
        if saved_mail.is_configured():
            self.fields["by_mail"].help_text = f"To {self.instance.owner.email}, at most every 15 minutes."
        else:
            self.fields["by_mail"].disabled = True
            self.fields["by_mail"].help_text = "Off: no e-mail server is configured on this installation."

    def clean_webhook_url(self) -> str:
        url: str = self.cleaned_data["webhook_url"].strip()
        try:
            if url:
                check(url)
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from problem
        return url

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("by_mail") or values.get("webhook_url")) and not values.get("alerts"):
            self.add_error("alerts", "E-mails and webhooks need the alerts: switch them on too.")
        return values

    def set(self, site: str) -> SavedSearch:
        """Switch the alerts as the form says, for links to that site. Call it on a valid form.

        A webhook that was stopped begins again. What was found before a way of telling was chosen is not
        told that way.
        """
        saved: SavedSearch = super().save(commit=False)
        saved.site = site
        saved.webhook_secret = saved.webhook_secret or new_secret()
        saved.webhook_failures, saved.webhook_problem, saved.webhook_stopped = 0, "", False
        saved.save()
        for field, told_at in (("by_mail", "mailed_at"), ("webhook_url", "posted_at")):
            if field in self.changed_data:
                saved.news.filter(**{told_at: None}).update(**{told_at: timezone.now()})
        if not self.cleaned_data["alerts"]:
            saved_alerts.switch_off(saved)
        elif saved.alerts_since is None:
            saved_alerts.switch_on(saved)
        return saved
