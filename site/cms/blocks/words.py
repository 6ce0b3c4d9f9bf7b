"""Blocks made of words."""

from wagtail import blocks

from cms.blocks.links import LinkBlock

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "hr"]
SMALL_PRINT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class ProseBlock(blocks.RichTextBlock):
    """Running text."""

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = "components/streamfield/rich_text.html"
        description = "Running text with headings, lists and links."
        preview_value = (
            "<h2>Made slowly, used daily</h2><p>We sell things that earn their place: a pan that browns an onion "
            "evenly, a towel that dries, a lamp you can read by.</p>"
        )

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": PROSE_FEATURES, **kwargs})


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(max_length=500, label="What they said")
    attribution = blocks.CharBlock(required=False, max_length=100, label="Who said it")
    role = blocks.CharBlock(required=False, max_length=100, help_text="For example: potter, Halesworth.")

    class Meta:
        icon = "openquote"
        label = "Quote"
        template = "components/streamfield/quote.html"
        description = "A sentence worth stopping at, and who said it."
        label_format = "{attribution}: {text}"
        preview_value = {
            "text": "A good mug is one you reach past the others for.",
            "attribution": "Hester Ablett",
            "role": "Potter, Halesworth",
        }


class QuestionBlock(blocks.StructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(max_length=200)
    answer = blocks.RichTextBlock(features=SMALL_PRINT_FEATURES)

    class Meta:
        icon = "help"
        label = "Question"
        collapsed = True
        label_format = "{question}"


class FaqBlock(blocks.StructBlock):
    """Questions that open to show their answers."""

    heading = blocks.CharBlock(required=False, max_length=120)
    items = blocks.ListBlock(QuestionBlock(), min_num=1, label="Questions")

    class Meta:
        icon = "help"
        label = "Questions and answers"
        template = "components/streamfield/faq.html"
        description = "Questions customers ask; each opens to show its answer."
        label_format = "{heading}"
        preview_value = {
            "heading": "Delivery",
            "items": [
                {"question": "How long does it take?", "answer": "<p>Two to three working days in Great Britain.</p>"},
                {"question": "Can I send it back?", "answer": "<p>Yes, within 30 days, unused.</p>"},
            ],
        }


class CallToActionBlock(blocks.StructBlock):
    """One thing to do next."""

    heading = blocks.CharBlock(max_length=120)
    text = blocks.TextBlock(required=False, max_length=300)
    link = LinkBlock(required=True)

    class Meta:
        icon = "arrow-right"
        label = "Call to action"
        template = "components/streamfield/call_to_action.html"
        description = "A band with one clear thing to do next."
        label_format = "{heading}"
        preview_value = {
            "heading": "Come and handle things",
            "text": "The shop is open Tuesday to Saturday, ten until five.",
            "link": {"label": "How to find us", "url": "/about/"},
        }
