"""Looking at code reaches nothing: its macros run without capabilities."""

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.source import Source
from feira.compiling import compile_source

from .programs import addresses

STEALS = '(defmacro leak (path) (read-file path)) (define (f) (leak "{}"))'


@pytest.mark.parametrize("look", [addresses, lambda text: compile_source(Source("x", text))])
def test_a_macro_cannot_read_a_file_while_code_is_looked_at(look, tmp_path):
    (tmp_path / "secret").write_text('"found"')
    with pytest.raises(LispError) as caught:
        look(STEALS.format(tmp_path / "secret"))
    assert caught.value.kind == "capability-denied"
