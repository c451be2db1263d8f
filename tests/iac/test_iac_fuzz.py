"""Whatever is written, reading, checking and rendering it end in findings or a document, never in a crash."""

from hypothesis import given, settings
from hypothesis import strategies as st
from iac_parsing import parse
from iac_terraform_json import read

from caixa.iac.arch import check_architecture
from caixa.iac.document import terraform_document
from caixa.iac.forms import FORMS
from caixa.iac.hcl import to_hcl
from caixa.iac.pangea import to_pangea

SLOTS = sorted({f":{slot.keyword}" for form in FORMS.values() for slot in form.slots})
WORDS = st.sampled_from(
    [*FORMS, *SLOTS, "ref", "var", "local", "dado", "modulo", "expr", "texto", "aws/vpc", "main"]
)
ATOMS = WORDS | st.sampled_from(
    ["nil", "#t", "1", "2.5", '"a ${b}"', '"%{"', "'x", "`y", "1e400", "#\\a", ":a-b", ":a_b", ":|a b|"]
)
TREES = st.recursive(
    ATOMS,
    lambda inner: st.tuples(st.sampled_from(["()", "()", "()", "[]", "{}"]), st.lists(inner, max_size=6)).map(
        lambda made: f"{made[0][0]}{' '.join(made[1])}{made[0][1]}"
    ),
    max_leaves=12,
)
FORM = st.builds(
    lambda head, pairs: f"({head} {' '.join(f'{slot} {value}' for slot, value in pairs)})",
    st.sampled_from(sorted(FORMS)),
    st.lists(st.tuples(st.sampled_from(SLOTS), TREES), max_size=6),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(FORM | TREES, max_size=4).map("\n".join))
def test_no_text_crashes_anything(text):
    reading = parse(text)
    assert all(finding.message and finding.span for finding in reading.findings)
    check_architecture(reading.infrastructure)
    read(terraform_document(reading.infrastructure))
    to_pangea(reading.infrastructure, "x")
    for teia in reading.infrastructure.teias:
        to_hcl(teia)
