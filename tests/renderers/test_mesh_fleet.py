"""The fan-out of a mesh: who goes to which cluster, what each entry says of that, and who is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_examples import checkout, everyone, servico

from caixa.lisp.source import Source
from caixa_renderers import render, yaml
from caixa_renderers.mesh import rendering as mesh
from caixa_renderers.mesh.fleet import departures, fan_out
from caixa_renderers.servico.upsert import upsert_all, upsert_text

RELEASE = """\
# the fleet of this cluster
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: programs}
spec:
  values:
    enabled: true  # always
    programs:
    # by itself
    - name: alone
      module: {source: "./alone.wasm"}
    - name: old
      aplicacao: shop
      placement:
        clusters: [rio]   # comments of an entry go with it
      # as do those within

    # of the next one
    - name: other
      aplicacao: bazaar
  interval: 10m
"""
SHARDED = '(:estrategia Sharded :shard-key "$t" :clusters ("rio" "mar"))'


def fleets(placement: str):
    rendering = render(checkout(placement=placement), "flux", everyone)
    return {artifact.clusters: artifact.objects[0]["programs"] for artifact in rendering.artifacts}, rendering


def lost(rendering) -> set[str]:
    return {finding.data.get("slot") for finding in rendering.findings}


def test_g14_a_replicated_mesh_goes_to_every_cluster_alike():
    found, _ = fleets('(:clusters ("rio" "mar") :affinity "data-locality")')
    (entries,) = found.values()
    assert list(found) == [("rio", "mar")]
    placement = {"estrategia": "Replicated", "clusters": ["rio", "mar"], "affinity": "data-locality"}
    assert [entry["placement"] for entry in entries] == [placement] * 3


def test_g14_a_single_node_mesh_goes_to_its_primary_and_names_who_stands_by():
    found, _ = fleets('(:estrategia SingleNode :clusters ("rio" "mar" "plo"))')
    placement = found[("rio",)][0]["placement"]
    assert (placement["primary"], placement["standby"]) == ("rio", ["mar", "plo"])
    whole = render(checkout(placement='(:estrategia SingleNode :clusters ("rio" "mar"))'), "all", everyone)
    assert "placement: takeover" in lost(whole)


def test_g14_a_sharded_mesh_tells_each_cluster_and_each_program_its_shard():
    found, _ = fleets(SHARDED)
    assert list(found) == [("rio",), ("mar",)]
    for index, (cluster,) in enumerate(found):
        entry = found[cluster,][0]
        shard = {"key": "$t", "index": index, "count": 2}
        assert entry["placement"]["shard"] == shard
        assert entry["placement"]["cluster"] == cluster
        assert entry["config"] == {"shard": shard}


def test_g14_a_program_with_a_shard_of_its_own_keeps_it():
    unit = 'spec: {module: {source: "./x"}, trigger: {cron: "* * * * *"}, config: {shard: mine, y: 1}}'
    package = checkout(placement=SHARDED)
    rendering = render(package, "flux", lambda nome, _: servico(nome, unit=unit))
    assert {str(entry["config"]) for each in rendering.objects for entry in each["programs"]} == {
        "{'shard': 'mine', 'y': 1}"
    }


def test_g14_what_no_object_does_for_a_placement_is_said():
    assert "placement: shard key $t" in lost(render(checkout(placement=SHARDED), "mesh", everyone))
    near = checkout(placement='(:clusters ("rio") :affinity "near")')
    assert "placement: affinity near" in lost(render(near, "mesh", everyone))


@pytest.mark.parametrize(
    ("placement", "clusters"),
    [
        ('(:estrategia Replicated :clusters ("rio" "mar"))', {("rio", "mar")}),
        ('(:estrategia SingleNode :clusters ("rio" "mar"))', {("rio",)}),
        (SHARDED, {("rio", "mar"), ("rio",), ("mar",)}),
    ],
)
def test_g14_artifacts_say_on_which_clusters_they_belong(placement, clusters):
    rendering = render(checkout(placement=placement), "all", everyone)
    assert {artifact.clusters for artifact in rendering.artifacts} == clusters
    assert len({artifact.path for artifact in rendering.artifacts}) == len(rendering.artifacts)


def test_g6_every_member_is_put_into_the_release_and_the_rest_of_it_stays():
    entries = mesh.programs(checkout().caixa, everyone)
    done = fan_out(RELEASE, entries, "checkout")
    programs = yaml.load(Source("r", done.text))["spec"]["values"]["programs"]
    assert [each["name"] for each in programs] == ["alone", "old", "other", "catalog", "cart", "payment"]
    assert done.departed == ()
    assert all(line in done.text.splitlines() for line in RELEASE.splitlines())
    assert fan_out(done.text, entries, "checkout") == done


def test_g6_a_member_that_left_is_taken_out_and_no_other_line_is_touched():
    entry = {"name": "new", "aplicacao": "shop"}
    done = fan_out(RELEASE, [entry], "shop")
    assert done.departed == ("old",)
    old = RELEASE.splitlines(keepends=True)
    first = old.index("    - name: old\n")
    kept = old[:first] + old[first + 4 :]  # its four lines, and no comment below them
    new = ["    - name: new\n", "      aplicacao: shop\n"]
    at = kept.index("  interval: 10m\n")
    assert done.text.splitlines(keepends=True) == [*kept[:at], *new, *kept[at:]]
    names = [each["name"] for each in yaml.load(Source("r", done.text))["spec"]["values"]["programs"]]
    assert names == ["alone", "other", "new"]
    (finding,) = departures(done.departed, "shop", "release.yaml")
    assert finding.message.startswith("old is no member of shop any more")


def test_g6_without_a_mesh_nothing_is_taken_out():
    assert fan_out(RELEASE, [{"name": "new"}], None).departed == ()


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(NAMES, st.sampled_from(["shop", "bazaar"])), min_size=1, max_size=4))
def test_after_any_deploys_a_release_holds_the_last_members_of_each_mesh(deploys):
    text = "programs: []\n"
    last = {}
    for names, aplicacao in deploys:
        entries = [{"name": f"{aplicacao}-{name}", "aplicacao": aplicacao} for name in names]
        text = fan_out(text, entries, aplicacao).text
        last[aplicacao] = {entry["name"] for entry in entries}
    programs = yaml.load(Source("r", text))["programs"]
    assert {each["name"] for each in programs} == set().union(*last.values())


@settings(max_examples=25, deadline=None)
@given(st.permutations("abcde"), st.permutations("cdefg"), st.booleans())
def test_many_entries_at_once_end_as_one_after_the_other(before, after, is_release):
    text = RELEASE if is_release else "# kept\nprograms:\n- name: a  # kept too\n  x: 1\n"
    text = upsert_all(text, [{"name": name, "x": 1, "y": [name]} for name in before])
    entries = [{"name": name, "x": 2, "z": {"deep": name}} for name in after]
    one_by_one = text
    for entry in entries:
        one_by_one = upsert_text(one_by_one, entry)
    assert upsert_all(text, entries) == one_by_one
