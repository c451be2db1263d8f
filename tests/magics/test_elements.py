"""Nothing becomes markup but through an element, and what is written is well formed."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa_magics.elements import h
from caixa_magics.style import page


class Recorder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data):
        self.texts.append(data)


def parse(element):
    recorder = Recorder()
    recorder.feed(str(element))
    recorder.close()
    return recorder


PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(PRINTABLE)
def test_text_comes_out_as_it_went_in(text):
    assert "".join(parse(h("p", text)).texts) == text


@given(PRINTABLE)
def test_attributes_come_out_as_they_went_in(text):
    found = parse(h("p", "x", title=text)).attributes[0]
    assert found.get("title", "") == text


def test_markup_in_a_name_stays_text():
    assert parse(h("p", "<script>alert(1)</script>")).tags == ["p"]


def test_absent_children_and_attributes_are_left_out():
    assert (
        str(h("p", None, ["a", [None, h("b", "c")]], title=None, hidden=True, id=""))
        == '<p hidden="">a<b>c</b></p>'
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: h("p onclick=x"),
        lambda: h("br", "x"),
        lambda: h("style", "</style><script>"),
        lambda: h("style", h("b", "x")),
        lambda: h("p", **{'x" y': "z"}),
    ],
)
def test_what_is_not_an_element_is_refused(make):
    with pytest.raises(ValueError, match=r"not an|holds text only"):
        make()


def test_a_page_brings_its_style_once():
    assert parse(page(h("p", "x"))).tags == ["div", "style", "p"]


def test_the_text_of_an_element_is_without_tags():
    assert h("p", "a ", h("b", "b"), " c").text == "a b c"
