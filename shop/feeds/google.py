"""Google Merchant Center's product data (RSS 2.0 with the ``g:`` namespace), written as it is read.

Field names and limits: support.google.com/merchants/answer/7052112. Facebook, Pinterest and Bing read the same file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOBase
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from shop.feeds.items import Item
from shop.money import to_decimal

NAMESPACE = "http://base.google.com/ns/1.0"
TITLE_MOST = 150
DESCRIPTION_MOST = 5000
ID_MOST = 50
IMAGES_MOST = 11  # the main one, and ten more
TYPE_MOST = 750
# Options and attributes that are fields of their own, by every name that shops give them.
FIELDS = {"colour": "color", "color": "color", "size": "size", "material": "material", "pattern": "pattern"}
_NONE: "AttributesImpl[str]" = AttributesImpl({})
# What XML 1.0 cannot say at all, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(stream: TextIOBase, *, title: str, link: str, items: Iterable[Item]) -> tuple[int, int]:
    """Write a whole feed; gives how many items are in it and how many Google could not have taken.

    Left out are SKUs longer than 50 characters and items that cost nothing.
    """
    xml = XMLGenerator(stream, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("rss", AttributesImpl({"version": "2.0", "xmlns:g": NAMESPACE}))
    xml.startElement("channel", _NONE)
    for name, text in (("title", title), ("link", link), ("description", f"Products of {title}")):
        _element(xml, name, text)
    written = left_out = 0
    for item in items:
        if len(item.sku) > ID_MOST or not item.quote.amount:
            left_out += 1
            continue
        xml.startElement("item", _NONE)
        for name, text in fields(item):
            _element(xml, f"g:{name}", text)
        xml.endElement("item")
        stream.write("\n")
        written += 1
    xml.endElement("channel")
    xml.endElement("rss")
    xml.endDocument()
    return written, left_out


def fields(item: Item) -> Iterator[tuple[str, str]]:
    """An item's fields in Google's names; those without a value are left out."""
    yield "id", item.sku
    yield "title", item.title[:TITLE_MOST]
    yield "description", item.description[:DESCRIPTION_MOST]
    yield "link", item.url
    for number, image in enumerate(item.images[:IMAGES_MOST]):
        yield "additional_image_link" if number else "image_link", image
    if item.available and item.expected_on:
        yield "availability", "backorder"
        yield "availability_date", item.expected_on.isoformat()
    else:
        yield "availability", "in_stock" if item.available else "out_of_stock"
    yield from _prices(item)
    yield "condition", "new"
    if item.brand:
        yield "brand", item.brand[:70]
    if item.gtin:
        yield "gtin", item.gtin
    if not item.gtin and not item.brand:
        yield "identifier_exists", "no"
    if item.group:
        yield "item_group_id", item.group
    yield from _properties(item)
    if item.categories:
        yield "product_type", " > ".join(item.categories)[:TYPE_MOST]
    if item.weight:
        yield "shipping_weight", f"{item.weight} g"


def _prices(item: Item) -> Iterator[tuple[str, str]]:
    """The regular price, and the reduced one beside it while there is one."""
    quote = item.quote
    now = f"{to_decimal(quote.amount, quote.currency)} {quote.currency}"
    if quote.compare_at is None:
        yield "price", now
        return
    yield "price", f"{to_decimal(quote.compare_at, quote.currency)} {quote.currency}"
    yield "sale_price", now


def _properties(item: Item) -> Iterator[tuple[str, str]]:
    """Colour, size, material, pattern: the variant's options before what is said of the whole product."""
    said: Sequence[tuple[str, str]] = [*item.options, *((fact.code, fact.text) for fact in item.facts)]
    given: set[str] = set()
    for name, text in said:
        field = FIELDS.get(name.casefold())
        if field and text and field not in given:
            given.add(field)
            yield field, text[:100]


def _element(xml: XMLGenerator, name: str, text: str) -> None:
    xml.startElement(name, _NONE)
    xml.characters(_NOT_XML.sub("", text))
    xml.endElement(name)
