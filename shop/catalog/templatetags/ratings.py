"""Ratings for people: hundredths of a star as stars and words."""

from django import template

register = template.Library()

STARS = 5


@register.filter
def star_icons(rating: int | None) -> list[str]:
    """``full``, ``half`` or ``empty`` for each of five stars, to the nearest half: 430 is four and a half."""
    halves = round((rating or 0) / 50)
    return [
        "full" if halves >= 2 * star else "half" if halves == 2 * star - 1 else "empty" for star in range(1, STARS + 1)
    ]


@register.filter
def star_text(rating: int | None) -> str:
    """With one decimal, rounded half up: 445 is ``4.5``, 400 is ``4.0``."""
    tenths = ((rating or 0) + 5) // 10
    return f"{tenths // 10}.{tenths % 10}"
