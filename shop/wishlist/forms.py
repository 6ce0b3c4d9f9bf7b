"""What the hearts send."""

from django import forms

from shop.wishlist.selectors import BIGGEST_ID


class WishForm(forms.Form):
    product = forms.IntegerField(min_value=1, max_value=BIGGEST_ID)
