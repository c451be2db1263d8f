"""Laws of the core: places, pieces, bursts and tokens."""

from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Node
from caixa.tools.server.pieces import cut
from caixa.tools.server.project import Project
from caixa.tools.server.session import Change, Debouncer, Session
from caixa.tools.server.text import Encoding, Place, Range, Text
from caixa.tools.server.tokens import splice

TEXTS = st.text(alphabet="ab é𝄞🎼\n\r()\u2028\x0c", max_size=60)
ENCODINGS = st.sampled_from(Encoding)
LISP = st.text(alphabet="()[]\"; \n\\#|ab'", max_size=40).map(lambda text: text.replace("b", "\n("))


@given(TEXTS, ENCODINGS)
def test_every_character_has_a_place_that_means_it(text: str, encoding: Encoding) -> None:
    held = Text(text)
    for at in range(len(text) + 1):
        inside_crlf = text[at - 1 : at + 1] == "\r\n" and at > 0
        assert held.index(held.place(at, encoding), encoding) == (at - 1 if inside_crlf else at)


@given(TEXTS, st.integers(0, 9), st.integers(0, 30), ENCODINGS)
def test_any_place_means_some_character(text: str, line: int, column: int, encoding: Encoding) -> None:
    assert 0 <= Text(text).index(Place(line, column), encoding) <= len(text)


def test_a_place_inside_a_pair_is_at_its_beginning() -> None:
    assert Text("a𝄞b").index(Place(0, 2), Encoding.UTF16) == 1
    assert Text("a𝄞b").place(2, Encoding.UTF16) == Place(0, 3)


@given(TEXTS, st.data(), ENCODINGS)
def test_changes_by_places_make_the_text_that_was_meant(
    text: str, data: st.DataObject, encoding: Encoding
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new = data.draw(TEXTS)
    held = Text(text)
    places = [held.place(at, encoding) for at in (start, end)]
    indices = [held.index(place, encoding) for place in places]
    assert held.replaced(Range(*indices), new).value == text[: indices[0]] + new + text[indices[1] :]


# -- pieces -----------------------------------------------------------------------------------------------


def shape(nodes: tuple[Node, ...], start: int, source: Source) -> list[tuple[int, int, str]]:
    return [
        (start + source.char_index(n.span.start), start + source.char_index(n.span.end), type(n).__name__)
        for n in nodes
    ]


@given(LISP)
def test_pieces_are_the_text_and_read_as_it_does(text: str) -> None:
    pieces = cut(text)
    assert "".join(piece.parsed.text for piece in pieces) == text
    try:
        whole = shape(read(Source("whole", text)).forms, 0, Source("whole", text))
    except ReaderError:
        assert any(piece.parsed.error is not None for piece in pieces)
        return
    assert all(piece.parsed.error is None for piece in pieces)
    assert [
        each for piece in pieces for each in shape(piece.parsed.forms, piece.start, piece.parsed.source)
    ] == whole


@given(LISP)
def test_what_is_mended_stands_where_it_stood(text: str) -> None:
    for piece in cut(text):
        for form in piece.parsed.forms:
            place = piece.parsed.range(form.span.start, form.span.end)
            assert 0 <= place.start <= place.end <= len(piece.parsed.text)


# -- sessions ---------------------------------------------------------------------------------------------


class Nothing:
    """A machine without files."""

    def read(self, path: str) -> None:
        return None

    def stamp(self, path: str) -> None:
        return None

    def below(self, folder: str) -> list[str]:
        return []


def test_a_burst_is_answered_when_it_is_quiet_or_has_gone_on_for_long() -> None:
    now = 0.0
    debouncer = Debouncer(lambda: now)
    answers = []
    for _ in range(60):
        debouncer.note("a")
        answers += debouncer.ready()
        now += 0.01
    assert answers == ["a", "a"]
    now += 0.1
    assert debouncer.ready() == ["a"]
    assert debouncer.wait() is None


def test_incremental_analysis_is_the_analysis_of_the_whole_text() -> None:
    project = Project(Nothing())  # type: ignore[arg-type]  # lists stand for iterators
    session = Session(project, lambda: 0.0)
    session.open("a", 1, "(define (f x) x)\n(define (g y) (f y))\n")
    edits = [
        Change("z", Place(0, 9), Place(0, 10)), Change("(defmacro m (a) `(z ,a))\n", Place(0, 0), Place(0, 0)),
        Change("m", Place(2, 15), Place(2, 16)), Change("(", Place(1, 0), Place(1, 0)),
        Change("", Place(1, 0), Place(1, 1)), Change('"', Place(2, 20), Place(2, 20)),
    ]  # fmt: skip
    for version, change in enumerate(edits, 2):
        session.change("a", version, [change])
        index = project.index("a")
        assert index is not None
        fresh_project = Project(Nothing(), project.expansions)  # type: ignore[arg-type]  # likewise
        fresh_project.open["a"] = Text(index.text.value)
        fresh = fresh_project.index("a")
        assert fresh is not None
        assert [part.facts for part in index.parts] == [part.facts for part in fresh.parts]


@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), max_size=20))
def test_a_splice_makes_one_list_of_another(before: list[int], after: list[int]) -> None:
    found = splice(before, after)
    made = list(before)
    if found is not None:
        made[found.start : found.start + found.removed] = found.data
    assert made == after
