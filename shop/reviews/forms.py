"""The form in which a shopper writes a review."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from shop.reviews.models import NAME_MOST, STARS_LEAST, STARS_MOST, TITLE_MOST, WORDS_MOST

WORDS_LEAST = 10
one_line = RegexValidator(r"^[^\x00-\x1f\x7f\u2028\u2029<>]*$", "Use letters, digits and punctuation only.")
no_controls = RegexValidator(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", "Use letters, digits and punctuation only.")
STAR_LABELS = {5: "5 – excellent", 4: "4 – good", 3: "3 – all right", 2: "2 – disappointing", 1: "1 – bad"}


class ReviewForm(forms.Form):
    """Stars and words. The address is asked for so that staff can answer; ``website`` is there for robots alone."""

    use_required_attribute = True

    stars = forms.TypedChoiceField(
        label="Your rating",
        coerce=int,
        choices=[(stars, STAR_LABELS[stars]) for stars in range(STARS_MOST, STARS_LEAST - 1, -1)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose from one to five stars.",
            "invalid_choice": "Choose from one to five stars.",
        },
    )
    title = forms.CharField(label="In one line", required=False, max_length=TITLE_MOST, validators=[one_line])
    words = forms.CharField(
        label="Your review",
        min_length=WORDS_LEAST,
        max_length=WORDS_MOST,
        validators=[no_controls],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write a sentence or two.", "min_length": "Write a sentence or two."},
    )
    name = forms.CharField(
        label="Name to show",
        max_length=NAME_MOST,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        help_text="A first name will do.",
        error_messages={"required": "By what name shall we show your review?"},
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="We never show it; we may write to you about your review.",
        error_messages={"required": "Enter your e-mail address; we never show it."},
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    @property
    def is_from_a_robot(self) -> bool:
        """No person sees the field, so no person has filled it in. Needs ``is_valid`` or not: reads what was posted."""
        return bool(self["website"].data)

    def values(self) -> dict[str, Any]:
        """What ``services.submit`` takes of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}
