"""What a person writes in place of what a machine heard."""

from django import forms

LONGEST = 5000
"""Characters of one correction; a sentence of fifteen seconds has some three hundred."""


class CorrectionForm(forms.Form):
    """What was really said."""

    text = forms.CharField(
        label="What is said",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write what is said there. What nobody said can be rejected instead."},
    )
