"""The blocks of home, content pages and stories."""

from wagtail import blocks

BODY_BLOCKS = [("rich_text", blocks.RichTextBlock())]
