"""Descriptions from outside become rich text, and nothing else."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.imports.markup import KEPT, clean

VOID = {"br", "hr"}
BLOCKS = {"p", "h2", "h3", "h4", "hr"}
LISTS = {"ul", "ol"}


class Grammar(HTMLParser):
    """Fails where markup is not what Wagtail's editor could have stored."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else ""
        assert tag in KEPT
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        if tag in BLOCKS:
            assert not self.open
        elif tag in LISTS:
            assert parent in ("", "li")
        elif tag == "li":
            assert parent in LISTS
        else:
            assert parent not in ("", *LISTS)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert self.open
        assert self.open[-1] not in LISTS


def assert_grammar(html: str) -> None:
    grammar = Grammar()
    grammar.feed(html)
    grammar.close()
    assert grammar.open == []


@pytest.mark.parametrize(
    ("source", "stored"),
    [
        ("", ""),
        ("  \n ", ""),
        ("<p>As it is</p><ul><li>One</li><li>Two</li></ul>", "<p>As it is</p><ul><li>One</li><li>Two</li></ul>"),
        ("<p>a</p>\n <p>b</p>", "<p>a</p><p>b</p>"),
        ("Plain & simple\nsecond line\n\nnext", "<p>Plain &amp; simple<br/>second line</p><p>next</p>"),
        ("words <b>bold</b>, <em>leaning</em>", "<p>words <b>bold</b>, <i>leaning</i></p>"),
        ("<h1>A</h1><h5>B</h5><h3>C</h3>", "<h2>A</h2><h4>B</h4><h3>C</h3>"),
        ("<h6><span style='x'>Care</span></h6>", "<h4>Care</h4>"),
        ("<div>one<div>two</div></div>three", "<p>one</p><p>two</p><p>three</p>"),
        ("<p>one<br>two<br/><br>three</p>", "<p>one<br/>two</p><p>three</p>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a<br/>b</li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<li>alone</li>", "<ul><li>alone</li></ul>"),
        ("<table><tr><th>Size</th><td>L</td></tr><tr><td>x</td></tr></table>", "<p>Size · L</p><p>x</p>"),
        ("<p>&nbsp;</p><p></p><ul></ul><p><b> </b></p>", ""),
        ("<p>a</p><hr><p>b</p>", "<p>a</p><hr/><p>b</p>"),
        ('<p><a href="https://x.example/?a=1&b=2">x</a></p>', '<p><a href="https://x.example/?a=1&amp;b=2">x</a></p>'),
        ('<a href="/collections/x">relative</a>', "<p>relative</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<p>x</p>"),
        ("<a href=' JaVaScRiPt:alert(1)'>x</a>", "<p>x</p>"),
        ('<a href="data:text/html,x">x</a>', "<p>x</p>"),
        ("<script>alert(1)</script><p onclick='x()'>safe</p>", "<p>safe</p>"),
        ("<style>p{}</style><p style='color:red' class=x>safe</p>", "<p>safe</p>"),
        ("<svg><script>x</script></svg><math><mi>y</mi></math>ok", "<p>ok</p>"),
        ("<p>5 &lt; 6 &amp;&amp; 7 > 3</p>", "<p>5 &lt; 6 &amp;&amp; 7 &gt; 3</p>"),
        ("<p>👑 emoji</p>", "<p>👑 emoji</p>"),
        ("<!-- x --><p>a<!-- y --></p>", "<p>a</p>"),
        ("<blockquote>said</blockquote><pre>a  b</pre>", "<p>said</p><p>a b</p>"),
        ("<p>open <b>bold <p>next", "<p>open <b>bold</b></p><p><b>next</b></p>"),
        ("a <b>b</b> c", "<p>a <b>b</b> c</p>"),
        ("<dl><dt>Size</dt><dd>L</dd></dl>", "<p>Size</p><p>L</p>"),
    ],
)
def test_what_is_stored(source: str, stored: str) -> None:
    assert clean(source).html == stored


def test_what_was_left_out_is_told() -> None:
    assert clean("<p>x</p>") == clean("<p>x</p>")
    assert clean('<p>x<img src="a.jpg"><IMG src=b></p>').images == 2
    for lost in ("<iframe src=x></iframe>", "<SCRIPT>x</SCRIPT>", "<video></video>", "<form><input></form>"):
        assert clean(f"<p>x</p>{lost}").lost
    assert not clean("<p>the word script</p>").lost


TAGS = "p b i ul ol li h1 h3 br hr div table tr td em strong script span blockquote dt style"
PIECES = st.one_of(
    st.sampled_from([f"<{close}{tag}>" for tag in TAGS.split() for close in ("", "/")]),
    st.sampled_from(["<a href='https://x.example'>", "</a>", "<a href='/x'>", "<img src=x onerror=alert(1)>"]),
    st.sampled_from([" ", "\n", "\n\n", "x", "&amp;", "&lt;script&gt;", "<", ">", "&", "\u00a0", "<!--"]),
    st.text(max_size=5),
)


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_anything_becomes_what_the_editor_could_have_written(source: str) -> None:
    html = clean(source).html
    assert_grammar(html)
    assert clean(html).html == html


@pytest.mark.django_db
def test_wagtail_s_editor_keeps_it_all() -> None:
    """Opening an imported description in the admin and saving it must not lose anything."""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
    from wagtail.rich_text import features

    source = (
        "<h2>Head</h2><p>Words <b>bold</b> and <i>leaning</i>, <a href='https://x.example/'>linked</a><br/>line</p>"
        "<ul><li>One</li><li>Two<ul><li>Deep</li></ul></li></ul><ol><li>First</li></ol><hr/><h4>End</h4>"
    )
    converter = ContentstateConverter(features=features.get_default_features())
    stored = clean(source).html
    saved = converter.to_database_format(converter.from_database_format(stored))
    assert clean(saved).html == stored
