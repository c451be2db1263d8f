"""The checker rejects a certificate that was changed, and one that is for another case."""

import copy
import json
import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof_examples import NAMES, SHOP, dossier, judgement, servico, shop

from caixa_proof_checker import judge
from caixa_proof_checker.judging import Malformed

TRUE = dossier(shop())
FALSE = dossier(
    shop(
        SHOP.replace("Replicated", 'Sharded :shard-key "$t"'),
        cart=servico("cart", tokens=["fs:/d:rw", "http-out:*"]),
    )
)


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        yield (path, "list") if value else (path, "empty")
        for at, inner in enumerate(value):
            yield from leaves(inner, (*path, at))
    else:
        yield path, "leaf"


def at(value, path):
    for step in path:
        value = value[step]
    return value


def changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return {"x": 1} if value is None else f"{value}x"


# What may be said in more than one way: any true witness will do, and any order in which calls go forward.
FREE = {"wrong", "others"}


@st.composite
def mutations(draw, data):
    """Return a changed dossier, and the name of the proof whose certificate was changed."""
    proofs = [each for each in data["proofs"] if each["certificate"] is not None]
    number = draw(st.integers(0, len(proofs) - 1))
    name = proofs[number]["name"]
    found = copy.deepcopy(data)
    proof = next(each for each in found["proofs"] if each["name"] == name)
    if draw(st.integers(0, 9)) == 0:
        proof["standing"] = draw(
            st.sampled_from([s for s in ("proved", "refuted", "not checked") if s != proof["standing"]])
        )
        return found, name
    places = [each for each in leaves(proof["certificate"]) if not FREE & set(each[0])]
    path, kind = places[draw(st.integers(0, len(places) - 1))]
    if kind == "leaf":
        at(proof["certificate"], path[:-1])[path[-1]] = changed(at(proof["certificate"], path))
    elif kind == "empty":
        at(proof["certificate"], path).append("x")
    else:
        values = at(proof["certificate"], path)
        index = draw(st.integers(0, len(values) - 1))
        if draw(st.booleans()):
            del values[index]
        else:
            values.append(copy.deepcopy(values[index]))
    return found, name


@pytest.mark.parametrize("data", [TRUE, FALSE], ids=["true", "false"])
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(drawn=st.data())
def test_a_changed_certificate_is_rejected(data, drawn):
    found, name = drawn.draw(mutations(data))
    proof = next(each for each in found["proofs"] if each["name"] == name)
    original = next(each for each in data["proofs"] if each["name"] == name)
    if name == "fields" and is_shorter_list_of_places(proof, original):
        return
    assert judgement(found, name) is not None


def is_shorter_list_of_places(proof, original):
    """Whether a field only lost or repeated one of several places that it reaches: it still reaches one."""
    pairs = zip(proof["certificate"]["rows"], original["certificate"]["rows"], strict=False)
    differing = [(new, old) for new, old in pairs if new != old]
    if len(differing) != 1 or proof["standing"] != original["standing"]:
        return False
    ((new, old),) = differing
    places = new.get("reaches")
    return bool(places) and all(each in old.get("reaches", ()) for each in places)


def test_an_order_is_judged_by_what_it_says_and_not_by_how():
    data = copy.deepcopy(TRUE)
    order = data["proofs"][0]["certificate"]["order"]
    assert order == ["cart", "mail", "catalog"]
    order[:] = ["mail", "cart", "catalog"]
    assert judgement(data, "cycle") is None
    order[:] = ["catalog", "mail", "cart"]
    assert judgement(data, "cycle") == "cart calls catalog, and does not come before it"


def test_a_false_witness_is_rejected():
    data = dossier(shop())
    policy = next(each for each in data["case"]["rendered"] if each.endswith("cart-to-catalog"))
    data["case"]["rendered"][policy]["spec"]["ingress"][0]["toPorts"][0].pop("rules")
    assert judgement(data, "policies") is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_proof_that_is_left_out_is_missed(name):
    data = copy.deepcopy(TRUE)
    data["proofs"] = [each for each in data["proofs"] if each["name"] != name]
    assert judgement(data, name) == "there is no such proof"


CASES = {
    "cycle": lambda case: case["manifest"]["contratos"].append(
        {"de": "catalog", "para": "cart", "wit": "acme:x/y"}
    ),
    "capabilities": lambda case: case["units"]["cart"]["spec"]["capabilities"].append("http-out:mail"),
    "locality": lambda case: case["units"]["cart"]["spec"]["capabilities"].append("fs:/x:rw"),
    "types": lambda case: case["components"]["mail"]["imports"][0]["params"][0].__setitem__(1, "s64"),
    "policies": lambda case: case["rendered"].pop("CiliumNetworkPolicy/tatara-system/shop-default-deny"),
    "fields": lambda case: case["manifest"]["entrada"].__setitem__("host", "other.example"),
    "limits": lambda case: case["manifest"]["nome"] and case["members"]["cart"]["limits"].update(memory="1GiB"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_does_not_hold_for_another_case(name):
    data = copy.deepcopy(TRUE)
    CASES[name](data["case"])
    assert judgement(data, name) is not None


@pytest.mark.parametrize(
    "bad", [{}, [], {"format": "caixa.proofs.v2"}, TRUE | {"case": {}}, TRUE | {"proofs": [1]}]
)
def test_what_is_no_list_of_proofs_is_refused(bad):
    with pytest.raises(Malformed):
        judge(bad)


def test_any_piece_of_plain_data_in_place_of_a_part_is_rejected_and_never_crashes():
    chance = random.Random(7)
    for _ in range(200):
        data = copy.deepcopy(TRUE)
        proof = chance.choice([each for each in data["proofs"] if each["certificate"]])
        path, _ = chance.choice(list(leaves(proof["certificate"])))
        if len(path) > 1 and not FREE & set(path):
            at(proof["certificate"], path[:-1])[path[-1]] = chance.choice(
                [None, [], {}, "", -1, [[]], {"holds": True}]
            )
            judge(data)


def run(*words, text=""):
    command = [sys.executable, "-I", "-m", "caixa_proof_checker", *words]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def test_the_program_says_by_its_exit_status_whether_all_hold(tmp_path):
    file = tmp_path / "proofs.json"
    file.write_text(json.dumps(TRUE))
    ran = run(str(file))
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "✓ cycle")
    bad = copy.deepcopy(TRUE)
    bad["proofs"][0]["certificate"]["order"].pop()
    ran = run("-", text=json.dumps(bad))
    assert (ran.returncode, ran.stdout.splitlines()[0].split(":")[0]) == (1, "✗ cycle")
    ran = run("-", text="{}")
    assert (ran.returncode, ran.stdout) == (2, "")


def test_the_program_compares_the_objects_as_they_are_applied(tmp_path):
    import yaml

    objects = [each for each in TRUE["case"]["rendered"].values() if isinstance(each, dict) and "kind" in each]
    file, applied = tmp_path / "proofs.json", tmp_path / "manifests.yaml"
    file.write_text(json.dumps(TRUE))
    applied.write_text(yaml.safe_dump_all(objects))
    assert run(str(file), "--objects", str(applied)).returncode == 0
    objects[0]["metadata"]["labels"]["extra"] = "x"
    applied.write_text(yaml.safe_dump_all([*objects, objects[0] | {"kind": "Other"}]))
    ran = run(str(file), "--objects", str(applied))
    assert ran.returncode == 1
    assert "is not what was judged" in ran.stdout
    assert "was not judged" in ran.stdout


def test_the_checker_loads_nothing_of_what_it_judges():
    code = (
        "import sys; import caixa_proof_checker.__main__; print([m for m in sys.modules if m.split('.')[0] in "
    )
    code += "{'caixa', 'caixa_renderers', 'feira', 'yaml'}])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
