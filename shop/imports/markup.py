"""Product descriptions from elsewhere, reduced to what the shop's own editor can make.

``nh3`` (an HTML5 parser) drops scripts, styles, event handlers and strange addresses. What is left is folded into
the rich-text features of Wagtail: paragraphs, headings 2 to 4, bold, italic, lists, links, rules. Cleaning twice is
the same as cleaning once.
"""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3

# What Wagtail's editor stores for its features h2 to h4, bold, italic, ol, ul, hr, link.
KEPT = frozenset({"p", "h2", "h3", "h4", "b", "i", "a", "ul", "ol", "li", "hr", "br"})
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "strong": "b", "em": "i", "dt": "p", "dd": "p", "caption": "p"}
# These only end a paragraph.
SEPARATORS = frozenset({"div", "section", "article", "header", "footer", "main", "aside", "blockquote", "pre", "dl"})
SEPARATORS |= {"table", "thead", "tbody", "tfoot", "tr", "figure", "figcaption", "address", "center"}
CELLS = frozenset({"td", "th"})
CELL_SEPARATOR = " · "
UNDERSTOOD = frozenset(KEPT | set(RENAMED) | SEPARATORS | CELLS)

HEADINGS = frozenset({"h2", "h3", "h4"})
INLINE = frozenset({"b", "i", "a"})
LISTS = frozenset({"ul", "ol"})
SCHEMES = {"http", "https", "mailto", "tel"}

# The shape of most descriptions, which needs no folding.
_SIMPLE = re.compile(r"(?:<p>[^<]*[^<\s][^<]*</p>|<(ul|ol)>(?:<li>[^<]*[^<\s][^<]*</li>)+</\1>)*")
_LOST = re.compile(r"<\s*(?:script|iframe|video|audio|object|embed|form)\b", re.IGNORECASE)
_IMAGE = re.compile(r"<\s*img\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CleanMarkup:
    """``html`` as Wagtail stores it; ``images`` were left out; ``lost`` where scripts, videos or forms were."""

    html: str
    images: int = 0
    lost: bool = False


def clean(text: str) -> CleanMarkup:
    """Markup, or plain text, as rich text that the editor accepts."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return CleanMarkup("")
    if "<" not in text:
        return CleanMarkup(_paragraphs(text))
    html = nh3.clean(
        text,
        tags=set(UNDERSTOOD),
        attributes={"a": {"href"}},
        attribute_filter=_only_absolute,
        url_schemes=SCHEMES,
        link_rel=None,
    ).replace("&nbsp;", "\u00a0")
    images = len(_IMAGE.findall(text))
    joined = re.sub(r">\s+<(?=/?(?:p|ul|ol|li)>)", "><", html.strip())
    if not _SIMPLE.fullmatch(joined):
        folder = _Folder()
        folder.feed(html)
        folder.close()
        joined = folder.result()
    return CleanMarkup(joined, images, bool(_LOST.search(text)))


def _only_absolute(tag: str, attribute: str, value: str) -> str | None:
    """A relative address points into the shop the file came from: the words stay, the link goes."""
    return value if value.partition(":")[0].strip().lower() in SCHEMES else None


def _paragraphs(text: str) -> str:
    """Plain text: blank lines part paragraphs, single ones become line breaks. Entities are read first."""
    blocks = re.split(r"\n\s*\n", nh3.clean(text, tags=set()).replace("&nbsp;", "\u00a0"))
    lines = ([" ".join(line.split()) for line in block.split("\n")] for block in blocks)
    return "".join(f"<p>{'<br/>'.join(filter(None, block))}</p>" for block in lines if any(block))


class _Folder(HTMLParser):
    """Rewrites well-formed markup into paragraphs, headings and lists, never nested wrongly."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._lists: list[str] = []  # open lists, outermost first
        self._items: list[bool] = []  # for each open list, whether an item is open
        self._block = ""  # open paragraph or heading
        self._next_block = "p"
        self._wanted: list[tuple[str, str]] = []  # inline tags that the source has open: name and start tag
        self._open: list[tuple[str, str]] = []  # inline tags written and not closed
        self._gap = ""  # written before the next text

    def result(self) -> str:
        self._end_block()
        while self._lists:
            self._end_list()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = RENAMED.get(tag, tag)
        if tag in INLINE:
            href = dict(attrs).get("href")
            if tag != "a" or (href and not any(name == "a" for name, _ in self._wanted)):
                self._wanted.append((tag, f'<a href="{escape(href)}">' if href else f"<{tag}>"))
        elif tag in LISTS:
            self._start_list(tag)
        elif tag == "li":
            self._start_item()
        elif tag == "br":
            self._break()
        elif tag == "hr":
            self._separate()
            if not self._lists:
                self._out.append("<hr/>")
        elif tag in CELLS:
            self._gap = CELL_SEPARATOR if self._has_text() else ""
        else:
            self._separate()
            self._next_block = tag if tag in HEADINGS else "p"

    def handle_endtag(self, tag: str) -> None:
        tag = RENAMED.get(tag, tag)
        if tag in INLINE:
            for position in range(len(self._wanted) - 1, -1, -1):
                if self._wanted[position][0] == tag:
                    del self._wanted[position]
                    break
        elif tag in LISTS:
            if self._lists:
                self._end_list()
        elif tag == "li":
            self._end_item()
        elif tag not in CELLS and tag not in ("br", "hr"):
            self._separate()
            self._next_block = "p"

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\n\f]+", " ", data)
        words = text.strip()
        if text[:1].isspace() and not self._gap and self._has_text():
            self._gap = " "
        if not words:
            return
        self._start_block()
        self._write(escape(words, quote=False))
        self._gap = " " if text[-1].isspace() else ""

    # Blocks

    def _in_item(self) -> bool:
        return bool(self._items) and self._items[-1]

    def _has_text(self) -> bool:
        """Whether something has been written into the open block or item."""
        return bool(self._block or self._in_item()) and bool(self._out) and not _ends_with_start(self._out[-1])

    def _start_block(self) -> None:
        if self._lists and not self._in_item():
            self._start_item()
        if not self._lists and not self._block:
            self._block = self._next_block
            self._out.append(f"<{self._block}>")

    def _separate(self) -> None:
        """A block begins or ends: a new paragraph, or inside a list item a line break."""
        if self._in_item():
            self._break()
        else:
            self._end_block()

    def _break(self) -> None:
        if self._gap == "<br/>" and self._block:
            self._end_block()  # two line breaks are somebody's paragraph
        elif self._has_text():
            self._gap = "<br/>"

    def _end_block(self) -> None:
        self._close_inline()
        self._gap = ""
        if self._block:
            self._out.append(f"</{self._block}>")
        self._block = ""

    def _start_list(self, tag: str) -> None:
        self._end_block()
        if self._lists and not self._in_item():
            self._start_item()
        self._out.append(f"<{tag}>")
        self._lists.append(tag)
        self._items.append(False)

    def _end_list(self) -> None:
        self._end_item()
        tag = self._lists.pop()
        self._items.pop()
        if self._out[-1] == f"<{tag}>":
            self._out.pop()  # a list without items
        else:
            self._out.append(f"</{tag}>")

    def _start_item(self) -> None:
        if not self._lists:
            self._start_list("ul")
        self._end_item()
        self._out.append("<li>")
        self._items[-1] = True

    def _end_item(self) -> None:
        self._close_inline()
        self._gap = ""
        if not self._in_item():
            return
        self._items[-1] = False
        if self._out[-1] == "<li>":
            self._out.pop()
        else:
            self._out.append("</li>")

    # Inline tags are opened only around text, and closed wherever a block ends.

    def _write(self, text: str) -> None:
        same = 0
        while same < min(len(self._open), len(self._wanted)) and self._open[same] == self._wanted[same]:
            same += 1
        self._out.extend(f"</{name}>" for name, _ in reversed(self._open[same:]))
        self._out.append(self._gap)
        self._out.extend(start for _, start in self._wanted[same:])
        self._out.append(text)
        self._open = list(self._wanted)

    def _close_inline(self) -> None:
        self._out.extend(f"</{name}>" for name, _ in reversed(self._open))
        self._open = []


def _ends_with_start(piece: str) -> bool:
    return piece in ("<li>", "<p>", "<h2>", "<h3>", "<h4>") or piece in ("<ul>", "<ol>", "</ul>", "</ol>")
