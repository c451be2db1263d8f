"""Provider schemas: read, written as forms, held against declarations, and made into Go that compiles."""

import json
import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iac_parsing import SCHEMA, infrastructure, program
from iac_strategies import FIELD, TEXT

from caixa.iac.conformity import conformity
from caixa.iac.errors import InvalidSchema, InvalidTeia, NameCollision
from caixa.iac.forge import forge, print_schema, read_schema_forms
from caixa.iac.names import kebab
from caixa.iac.provedor import provedor
from caixa.iac.schema import (
    Collection,
    Container,
    Enumeration,
    Field,
    Mode,
    ObjectType,
    Primitive,
    ProviderSchema,
    TypeSchema,
    read_schemas,
)
from caixa.lisp.source import Source

NUVEM = read_schemas(SCHEMA.read_text())[0]


def test_a_schema_is_read_with_its_blocks_as_fields():
    group = NUVEM.resources["nuvem_security_group"].fields
    ingress = group["ingress"]
    assert (ingress.required, ingress.type.container, ingress.type.is_block) == (True, Container.LIST, True)
    assert isinstance(group["timeouts"].type, ObjectType)
    assert group["zones"].type == Collection(Container.SET, Primitive.STRING)
    assert not group["limits"].type.fields["burst"].required
    assert group["admin_password"].sensitive
    assert NUVEM.resources["nuvem_instance"].fields["volumes"].type.of.fields["size"].required
    assert NUVEM.data["nuvem_image"].mode is Mode.DATA


def test_terraform_itself_writes_what_is_read(terraform):
    terraform("init", "-input=false", files={"main.tf.json": '{"resource":{"terraform_data":{"x":{}}}}'})
    (found,) = read_schemas(terraform("providers", "schema", "-json"))
    assert found.name == "terraform"
    assert found.resources["terraform_data"].fields["input"].type is Primitive.ANY


def block(text):
    schemas = f'{{"resource_schemas": {{"a": {{"block": {text}}}}}}}'
    return f'{{"format_version": "1.0", "provider_schemas": {{"x": {schemas}}}}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format_version": "9.0"}',
        '{"format_version": "1.0", "provider_schemas": []}',
        block('{"attributes": {"b": {}}}'),
        block('{"block_types": {"b": {}}}'),
        block('{"attributes": {"b": {"type": ["list", "text"]}}}'),
        "[" * 100_000,
    ],
)
def test_what_is_no_schema_is_refused_in_words(text):
    with pytest.raises(InvalidSchema) as caught:
        read_schemas(text)
    assert "providers schema -json" in caught.value.diagnostics[0].fix


# -- forms ------------------------------------------------------------------------------------------------


def _types(depth=2):
    leaf = st.sampled_from(Primitive) | st.lists(TEXT, min_size=1, max_size=3).map(tuple).map(Enumeration)
    if not depth:
        return leaf
    inner = _types(depth - 1)
    fields = st.lists(_fields(inner), max_size=2, unique_by=lambda each: each.name)
    return (
        leaf
        | st.builds(Collection, st.sampled_from(Container), inner, st.booleans())
        | fields.map(lambda found: ObjectType({each.name: each for each in found}))
    )


def _fields(types):
    def make(name, type_, given_by, flags, text):
        required, computed = given_by == "person", given_by in ("provider", "either")
        optional = given_by in ("anyone", "either")
        sensitive, immutable = flags
        return Field(name, type_, required, computed, optional, sensitive, immutable, text)

    who = st.sampled_from(["person", "provider", "either", "anyone"])
    return st.builds(make, FIELD, types, who, st.tuples(st.booleans(), st.booleans()), TEXT)


SCHEMAS = st.lists(_fields(_types()), max_size=4, unique_by=lambda each: each.name).map(
    lambda found: TypeSchema("nuvem_thing", {each.name: each for each in found})
)


@given(SCHEMAS, TEXT, st.sampled_from(Mode))
def test_a_schema_is_read_back_from_its_form_as_it_was(schema, text, mode):
    schema = TypeSchema(schema.name, schema.fields, text, mode)
    (found,) = read_schema_forms([Source("x.lisp", print_schema(schema, "nuvem"))])
    assert found.types == (schema,)


def test_forged_files_say_all_that_the_provider_says():
    files = forge(NUVEM)
    assert list(files) == ["instance.lisp", "security-group.lisp", "vpc.lisp", "image-dado.lisp"]
    (found,) = read_schema_forms([Source(name, text) for name, text in files.items()])
    assert (dict(found.resources), dict(found.data)) == (dict(NUVEM.resources), dict(NUVEM.data))


@pytest.mark.parametrize(
    ("type_", "fix"),
    [
        ("Strng", "`String`"),
        ("(Lst String)", "`List`"),
        ("string", "`String`"),
        ("(List)", "List"),
        ("1", "such as"),
    ],
)
def test_a_wrong_type_in_a_form_gets_the_one_that_was_meant(type_, fix):
    text = f'(defteia-schema :tipo a/b :atributos ((:nome "x" :tipo {type_})))'
    with pytest.raises(InvalidTeia) as caught:
        read_schema_forms([Source("x.lisp", text)])
    assert fix in caught.value.diagnostics[0].fix


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vpc", "vpc"),
        ("vpc_endpoint", "vpc-endpoint"),
        ("VpcEndpoint", "vpc-endpoint"),
        ("vpc_Endpoint", "vpc-endpoint"),
    ],
)
def test_kebab_never_begins_with_a_dash_and_has_no_two_in_a_row(name, expected):
    assert kebab(name) == expected


# -- conformity -------------------------------------------------------------------------------------------


def found(text, schema=NUVEM):
    findings = conformity(infrastructure(text), [schema])
    return [(each.code, text.encode()[each.span.start : each.span.end].decode()) for each in findings]


def vpc(more=""):
    return f'(defteia :tipo nuvem/vpc :nome v :atributos (:cidr-block "10.0.0.0/16"{more}))'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (vpc(), []),
        (vpc(' :mtu "1500" :enable-dns "true" :tags (:a 1)'), []),
        (vpc(" :mtu (var x)") + "(defvariavel :nome x)", []),
        (vpc(" :mtuu 1"), [("attribute-unknown", ":mtuu")]),
        (vpc(" :mtu many"), [("attribute-mistyped", "many")]),
        (vpc(" :mtu #t"), [("attribute-mistyped", "#t")]),
        (vpc(" :mtu (1 2)"), [("attribute-mistyped", "(1 2)")]),
        (vpc(" :enable-dns 1"), [("attribute-mistyped", "1")]),
        (vpc(" :tags (:a (1))"), [("attribute-mistyped", "(1)")]),
        (vpc(' :id "x"'), [("attribute-computed", ":id")]),
        ("(defteia :tipo nuvem/vpc :nome v)", [("attribute-missing", "(defteia :tipo nuvem/vpc :nome v)")]),
        ("(defteia :tipo nuvem/vcp :nome v)", [("type-unknown", "nuvem/vcp")]),
        ("(defteia :tipo other/vcp :nome v)", []),
        ("(defdado :tipo nuvem/vpc :nome v)", [("type-unknown", "nuvem/vpc")]),
        (
            vpc() + "(defsaida :nome o :valor (ref nuvem/vpc v cidr))",
            [("attribute-unknown", "(ref nuvem/vpc v cidr)")],
        ),
        (vpc() + "(defsaida :nome o :valor (ref nuvem/vpc v cidr-block))", []),
    ],
)
def test_a_declaration_is_held_against_its_schema(text, expected):
    assert found(text) == expected


def test_a_block_may_be_written_once_or_as_a_list_and_is_checked_within():
    group = "(defteia :tipo nuvem/security-group :nome s :atributos (:vpc-id x :ingress {}))"
    assert found(group.format("(:cidr x)")) == found(group.format("((:cidr x) (:cidr y :from-port 1))")) == []
    assert found(group.format("((:cidr x :form-port 1))")) == [("attribute-unknown", ":form-port")]
    assert found(group.format("((:from-port 1))")) == [("attribute-missing", "(:from-port 1)")]


def test_a_wrong_name_brings_the_edit_to_the_right_one():
    (finding,) = conformity(infrastructure(vpc(" :enable-dsn #t")), [NUVEM])
    assert (finding.fix, finding.edits[0].text) == ("Did you mean `:enable-dns`?", ":enable-dns")


# -- Go ---------------------------------------------------------------------------------------------------


def written(folder, provider):
    for name, text in provedor(provider).items():
        (folder / name).write_text(text, encoding="utf-8")


def go(folder, *words):
    tool = program("gofmt" if words[0] == "gofmt" else "go")
    environment = {**os.environ, "GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"}
    ran = subprocess.run(
        [tool, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_provider_in_go_is_formatted_vetted_and_compiles(tmp_path):
    written(tmp_path, NUVEM)
    assert go(tmp_path, "gofmt", "-l", ".") == ""
    go(tmp_path, "go", "vet", "./...")
    go(tmp_path, "go", "build", "./...")


HARD = {
    "type": Field("type", Primitive.STRING, required=True, description='a "quoted"\nline \\ and `tick`'),
    "func": Field("func", Collection(Container.MAP, Collection(Container.LIST, Primitive.BOOLEAN))),
    "2nd": Field("2nd", Primitive.INTEGER),
    "kind": Field("kind", Enumeration(("a", "b")), required=True),
    "deep": Field("deep", Collection(Container.LIST, ObjectType({"x": Field("x", ObjectType({}))}))),
}


@pytest.mark.parametrize("name", ["type", "go-1", "9lives", "Nuvem"])
def test_names_that_go_takes_for_itself_compile_all_the_same(tmp_path, name):
    types = {
        f"{name}_{each}": TypeSchema(f"{name}_{each}", HARD, "what\nit is") for each in ("range", "resources_x")
    }
    written(tmp_path, ProviderSchema(name, "", types))
    assert go(tmp_path, "gofmt", "-l", ".") == ""
    go(tmp_path, "go", "vet", "./...")


def test_two_names_that_are_one_in_go_are_refused():
    fields = {"a_b": Field("a_b", Primitive.STRING), "a__b": Field("a__b", Primitive.STRING)}
    with pytest.raises(NameCollision, match="AB in Go"):
        provedor(ProviderSchema("n", "", {"n_x": TypeSchema("n_x", fields)}))
    with pytest.raises(NameCollision, match="n_a_b"):
        provedor(
            ProviderSchema("n", "", {"n_a_b": TypeSchema("n_a_b", {}), "n_a__b": TypeSchema("n_a__b", {})})
        )


IN_MEMORY = """package nuvem

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
)

type memory map[string]map[string]any

func (m memory) Create(_ context.Context, resource string, state map[string]any) (map[string]any, error) {
	state["id"] = resource + "-1"
	m[resource+"-1"] = state
	return state, nil
}

func (m memory) Read(_ context.Context, resource string, id string) (map[string]any, error) {
	if state, ok := m[id]; ok {
		return state, nil
	}
	return nil, ErrNotFound
}

func (m memory) Update(_ context.Context, _, id string, state map[string]any) (map[string]any, error) {
	state["id"] = id
	m[id] = state
	return state, nil
}

func (m memory) Delete(_ context.Context, resource string, id string) error {
	delete(m, id)
	return nil
}

func TestALifeOfAVpc(t *testing.T) {
	ctx, mtu := context.Background(), 1500.0
	vpc := &NuvemVpcResource{transport: memory{}}
	made, err := vpc.Create(ctx, &NuvemVpcModel{CidrBlock: "10.0.0.0/16", Mtu: &mtu})
	if err != nil || *made.Id != "nuvem_vpc-1" || *made.Mtu != 1500 {
		t.Fatal(made, err)
	}
	changed, err := vpc.Update(ctx, *made.Id, &NuvemVpcModel{CidrBlock: "10.1.0.0/16"})
	if err != nil || changed.CidrBlock != "10.1.0.0/16" || changed.Mtu != nil {
		t.Fatal(changed, err)
	}
	if err := vpc.Delete(ctx, *made.Id); err != nil {
		t.Fatal(err)
	}
	if _, err := vpc.Read(ctx, *made.Id); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func TestTheSchemaNamesEveryFieldOfTheModel(t *testing.T) {
	data, _ := json.Marshal(NuvemSecurityGroupModel{})
	if len(Resources(memory{})) != 3 || len((&NuvemSecurityGroupResource{}).Schema()) != 9 {
		t.Fatal(string(data))
	}
}
"""


def test_the_provider_makes_reads_changes_and_destroys(tmp_path):
    written(tmp_path, NUVEM)
    (tmp_path / "life_test.go").write_text(IN_MEMORY)
    assert "ok" in go(tmp_path, "go", "test", "./...")


def test_the_sample_is_shaped_as_terraform_writes_it():
    document = json.loads(SCHEMA.read_text())
    assert set(document) == {"format_version", "provider_schemas"}
