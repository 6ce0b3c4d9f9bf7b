"""Blocks built around pictures and films."""

from typing import Any, ClassVar

from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock as AddressOfEmbed
from wagtail.images import get_image_model

from cms.blocks.links import LinkBlock
from cms.blocks.words import SMALL_PRINT_FEATURES
from cms.references import PictureBlock

ALT_HELP = "What the picture shows, for people who cannot see it. Empty: the image's own description."


def sample_images(number: int) -> list[Any]:
    """Images from the library, for previews in the block chooser: the widest first, so that heroes look right."""
    return list(get_image_model().objects.order_by("-width", "pk")[:number])


class PictureValue(blocks.StructValue):
    """A value with an ``image`` and, perhaps, words of its own for it."""

    alt_names: ClassVar[tuple[str, ...]] = ("image_alt", "alt")

    @property
    def alt_text(self) -> str:
        """What a screen reader says in place of the picture: the words given here, else the image's description."""
        given = next((self[name] for name in self.alt_names if self.get(name)), "")
        image = self.get("image")
        return given or (image.default_alt_text if image else "")


class HeroBlock(blocks.StructBlock):
    """The opening of a page: a picture, a heading and one or two links."""

    eyebrow = blocks.CharBlock(required=False, max_length=60, help_text="A few words above the heading.")
    heading = blocks.CharBlock(max_length=120)
    text = blocks.TextBlock(required=False, max_length=300)
    image = PictureBlock(required=False)
    image_alt = blocks.CharBlock(required=False, max_length=255, label="Text alternative", help_text=ALT_HELP)
    primary = LinkBlock(label="Button")
    secondary = LinkBlock(label="Second link")
    layout = blocks.ChoiceBlock(
        choices=[("dark_text", "Dark words on a light picture"), ("light_text", "Light words on a dark picture")],
        default="dark_text",
        label="Colour of the words",
    )

    class Meta:
        icon = "image"
        label = "Hero"
        value_class = PictureValue
        template = "components/streamfield/hero.html"
        description = "The opening of a page: a large picture with a heading and one or two links."
        label_format = "{heading}"
        form_layout = blocks.BlockGroup(
            children=["eyebrow", "heading", "text", "image", "image_alt", "primary", "secondary"], settings=["layout"]
        )

    def get_preview_value(self) -> Any:
        """Words of a plausible season over a picture from the library."""
        return self.normalize(
            {
                "eyebrow": "New this season",
                "heading": "The kitchen table, laid for autumn",
                "text": "Stoneware, linen and iron for the months when supper moves indoors.",
                "image": next(iter(sample_images(1)), None),
                "image_alt": "",
                "primary": {"label": "Shop the kitchen", "url": "/shop/kitchen/"},
                "secondary": {"label": "Read the story", "url": "/journal/"},
                "layout": "dark_text",
            }
        )


class ImageTextBlock(blocks.StructBlock):
    """A picture with words beside it."""

    image = PictureBlock()
    image_alt = blocks.CharBlock(required=False, max_length=255, label="Text alternative", help_text=ALT_HELP)
    heading = blocks.CharBlock(required=False, max_length=120)
    text = blocks.RichTextBlock(features=SMALL_PRINT_FEATURES)
    link = LinkBlock()
    image_side = blocks.ChoiceBlock(
        choices=[("left", "Picture on the left"), ("right", "Picture on the right")], default="left"
    )

    class Meta:
        icon = "doc-full-inverse"
        label = "Picture with text"
        value_class = PictureValue
        template = "components/streamfield/image_text.html"
        description = "A picture with a heading, a few sentences and a link beside it."
        label_format = "{heading}"
        form_layout = blocks.BlockGroup(
            children=["image", "image_alt", "heading", "text", "link"], settings=["image_side"]
        )

    def get_preview_value(self) -> Any:
        """Words about the shop beside a picture from the library."""
        return self.normalize(
            {
                "image": next(iter(sample_images(1)), None),
                "image_alt": "",
                "heading": "Six workshops, one van",
                "text": "<p>Everything we sell is made by people we know and visit.</p>",
                "link": {"label": "About us", "url": "/about/"},
                "image_side": "left",
            }
        )


class GalleryImageBlock(blocks.StructBlock):
    """One picture of a gallery."""

    image = PictureBlock()
    alt = blocks.CharBlock(required=False, max_length=255, label="Text alternative", help_text=ALT_HELP)
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        label = "Picture"
        collapsed = True
        value_class = PictureValue
        label_format = "{caption}"


class GalleryBlock(blocks.StructBlock):
    """Several pictures, side by side."""

    heading = blocks.CharBlock(required=False, max_length=120)
    images = blocks.ListBlock(GalleryImageBlock(), min_num=1, max_num=24, label="Pictures")

    class Meta:
        icon = "image"
        label = "Gallery"
        template = "components/streamfield/gallery.html"
        description = "Several pictures side by side, with captions if you like."
        label_format = "{heading}"

    def get_preview_value(self) -> Any:
        """Three pictures from the library."""
        images = [{"image": image, "alt": "", "caption": image.title} for image in sample_images(3)]
        return self.normalize({"heading": "From the workshop", "images": images})


class EmbedBlock(blocks.StructBlock):
    """A film or another embed, shown through its provider's own player."""

    url = AddressOfEmbed(label="Address", help_text="For example https://vimeo.com/… or https://www.youtube.com/…")
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "media"
        label = "Film"
        template = "components/streamfield/embed.html"
        description = "A film from YouTube, Vimeo or another provider, by its address."
        label_format = "{caption}"
        # No film: a preview must not ask a third party.
        preview_value = {"url": None, "caption": "A film appears here."}
