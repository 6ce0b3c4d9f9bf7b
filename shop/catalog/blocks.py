"""Blocks that only products use."""

from wagtail import blocks


class DetailBlock(blocks.StructBlock):
    """One fact about a product."""

    label = blocks.CharBlock(max_length=60)
    value = blocks.CharBlock(max_length=255)

    class Meta:
        icon = "list-ul"
        label = "Fact"
        template = "components/streamfield/detail_block.html"
        preview_value = {"label": "Material", "value": "Stoneware, glazed inside and out"}
        description = "One line of the table of facts"


DETAIL_BLOCKS = [("detail", DetailBlock())]
