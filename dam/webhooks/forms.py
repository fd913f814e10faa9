"""The form of a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from dam.webhooks import events
from dam.webhooks.addresses import AddressError, check
from dam.webhooks.models import Endpoint
from dam.webhooks.scopes import administered
from dam.webhooks.signing import new_secret

if TYPE_CHECKING:
    from dam.sharing.models import User


class EndpointForm(forms.ModelForm):
    """Where messages go, and of what. Whoever saves it is the one in whose name they are sent."""

    url = forms.CharField(
        max_length=1000,
        label="Address",
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text="JSON by HTTPS, signed as Standard Webhooks says.",
    )
    events = forms.MultipleChoiceField(label="Tell of", widget=forms.CheckboxSelectMultiple)
    renew_secret = forms.BooleanField(
        required=False, label="Make a new secret", help_text="The present one is worthless at once."
    )

    class Meta:
        model = Endpoint
        fields = ["name", "library", "url", "events", "active"]
        labels = {"active": "Messages are sent"}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["events"].choices = events.choices()  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["library"]
        else:
            del self.fields["renew_secret"]
            libraries = administered(user).order_by("name")
            self.fields["library"].queryset = libraries  # type: ignore[attr-defined]
            self.initial.setdefault("library", libraries.first())

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            check(url)
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from problem
        return url

    def set(self, site: str) -> Endpoint:
        """Save it, for links to that site. Call it on a valid form. One that was stopped begins again."""
        endpoint: Endpoint = super().save(commit=False)
        endpoint.made_by, endpoint.site = self.user, site
        endpoint.failures, endpoint.problem, endpoint.stopped_at = 0, "", None
        endpoint.after = timezone.now()
        if self.cleaned_data.get("renew_secret"):
            endpoint.secret = new_secret()
        endpoint.save()
        return endpoint
