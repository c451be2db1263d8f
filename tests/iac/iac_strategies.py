"""Hypothesis strategies for values and parts of infrastructure."""

from hypothesis import strategies as st

from caixa.iac.model import Data, Infrastructure, Local, Output, Resource, Variable
from caixa.iac.values import Raw, Reference, RefKind, Template

TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.text('${}%"\\#a', max_size=8)
IDENTIFIER = st.from_regex(r"[a-z_][a-z0-9_-]{0,8}", fullmatch=True)
FIELD = st.from_regex(r"[a-z][a-z0-9]{0,4}(?:_[a-z0-9]{1,3}){0,2}", fullmatch=True).filter(
    lambda name: name not in ("count", "for_each", "provider", "depends_on", "lifecycle")
)
TYPE = st.sampled_from(["aws_vpc", "aws_security_group", "terraform_data"])
NUMBER = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False, width=32)
LITERAL = st.none() | st.booleans() | NUMBER | TEXT
REFERENCE = st.one_of(
    st.builds(Reference, st.just(RefKind.RESOURCE), IDENTIFIER, TYPE, FIELD),
    st.builds(Reference, st.just(RefKind.VARIABLE), IDENTIFIER),
)
EXPRESSION = REFERENCE | st.just(Raw("1 + 2"))
TEMPLATE = st.builds(Template, st.lists(TEXT | EXPRESSION, min_size=1, max_size=4).map(tuple))


def nested(leaf, keys=FIELD | TEXT):
    """Values made of `leaf`, lists and objects."""
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(keys, inner, max_size=3).map(lambda found: dict(sorted(found.items())))
        ),
        max_leaves=8,
    )


DATA_VALUE = nested(LITERAL)
VALUE = nested(LITERAL | EXPRESSION | TEMPLATE)
ATTRIBUTES = st.dictionaries(FIELD, VALUE, max_size=4).map(lambda found: dict(sorted(found.items())))
RESOURCE = st.builds(Resource, tipo=TYPE, nome=IDENTIFIER, atributos=ATTRIBUTES)
DATA = st.builds(Data, tipo=TYPE, nome=IDENTIFIER, atributos=ATTRIBUTES)
VARIABLE = st.builds(
    Variable, nome=IDENTIFIER, padrao=DATA_VALUE, descricao=st.none() | TEXT, sensivel=st.booleans()
)
LOCAL = st.builds(Local, nome=IDENTIFIER, valor=VALUE)
OUTPUT = st.builds(Output, nome=IDENTIFIER, valor=VALUE, descricao=st.none() | TEXT)
PART = RESOURCE | DATA | VARIABLE | LOCAL | OUTPUT
INFRASTRUCTURE = st.lists(PART, max_size=5, unique_by=lambda part: part.address).map(Infrastructure.of)
