"""The laws of the resolver on random graphs, checked against trying every choice of versions."""

from __future__ import annotations

import re
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lacre.closure import fechamentos
from caixa.lacre.errors import DependencyCycle, LacreError, VersionConflict
from caixa.manifest.aplicacao import find_cycle
from caixa.manifest.version import Requirement, Version

from .universe import Universe, dep, package

NAMES = "abcd"
VERSIONS = ("1.0.0", "1.1.0", "2.0.0", "3.0.0")
WISHES = ("*", "^1", "^2", ">=1.1", "<2", "=3.0.0", "^9")

NEEDS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(WISHES), max_size=3)
GRAPHS = st.fixed_dictionaries(
    {
        nome: st.dictionaries(
            st.sampled_from(VERSIONS),
            st.dictionaries(st.sampled_from(NAMES.replace(nome, "")), st.sampled_from(WISHES), max_size=3),
            min_size=1,
            max_size=3,
        )
        for nome in NAMES
    }
)


def world_of(graph, order=sorted):
    world = Universe()
    for nome, versions in graph.items():
        world.publish(*(package(nome, versao, *deps_of(needs, order)) for versao, needs in versions.items()))
    return world


def deps_of(needs, order):
    return [dep(nome, needs[nome]) for nome in order(needs)]


def app(needs, order=sorted):
    return package("app", "1.0.0", *deps_of(needs, order))


def meets(wish: str, versao: str) -> bool:
    return Requirement.parse(wish).matches(Version.parse(versao))


def is_solution(graph, root, chosen) -> bool:
    """Whether the chosen versions are exactly what is needed, meet every requirement, and have no cycle."""
    needed, waiting = set(), [root, *(graph[nome][versao] for nome, versao in chosen.items())]
    if any(
        nome not in chosen or not meets(wish, chosen[nome]) for needs in waiting for nome, wish in needs.items()
    ):
        return False
    open_needs = [root]
    while open_needs:
        for nome in open_needs.pop():
            if nome not in needed:
                needed.add(nome)
                open_needs.append(graph[nome][chosen[nome]])
    return needed == set(chosen) and not find_cycle({n: set(graph[n][v]) for n, v in chosen.items()})


def solutions(graph, root):
    names = sorted(graph)
    for choice in product(*([None, *graph[nome]] for nome in names)):
        chosen = {nome: versao for nome, versao in zip(names, choice, strict=True) if versao}
        if is_solution(graph, root, chosen):
            yield chosen


def outcome(world, root, **rest):
    try:
        return world.versions(root, **rest)
    except LacreError as error:
        return error


@settings(max_examples=30, deadline=None)
@given(GRAPHS, NEEDS)
def test_the_result_meets_every_requirement_and_an_error_means_that_nothing_does(graph, root):
    found = outcome(world_of(graph), app(root))
    if isinstance(found, dict):
        assert is_solution(graph, root, found)
    else:
        assert isinstance(found, (VersionConflict, DependencyCycle))
        assert next(solutions(graph, root), None) is None


@settings(max_examples=50, deadline=None)
@given(GRAPHS, NEEDS)
def test_the_paths_of_a_conflict_exist_and_its_requirements_exclude_each_other(graph, root):
    error = outcome(world_of(graph), app(root))
    if not isinstance(error, VersionConflict):
        return
    data = error.diagnostics[0].data
    for path in data["paths"]:
        first, *steps, last = path.split(" → ")
        assert first == "app 1.0.0"
        needs = root
        for step in steps:
            nome, versao = step.split(" ")
            assert meets(needs[nome], versao)
            needs = graph[nome][versao]
        assert last == f"{data['nome']} {needs[data['nome']]}"
    if "available" in data:
        wishes = [path.rsplit(" ", 1)[1] for path in data["paths"]]
        assert not any(all(meets(wish, versao) for wish in wishes) for versao in graph[data["nome"]])


@settings(max_examples=40, deadline=None)
@given(GRAPHS, NEEDS, st.randoms(use_true_random=False))
def test_the_order_of_dependencies_does_not_matter(graph, root, random):
    def shuffled(names):
        return random.sample(sorted(names), len(names))

    one, other = outcome(world_of(graph), app(root)), outcome(world_of(graph, shuffled), app(root, shuffled))
    if isinstance(one, dict):
        assert one == other
    else:
        assert one.diagnostics[0].message == other.diagnostics[0].message


@settings(max_examples=40, deadline=None)
@given(GRAPHS, NEEDS)
def test_resolving_again_with_the_lock_gives_the_lock_and_asks_for_no_versions(graph, root):
    world = world_of(graph)
    if not isinstance(outcome(world, app(root)), dict):
        return
    lock = world.resolve(app(root)).lock()
    world.publish(*(package(nome, "3.9.0") for nome in NAMES))
    world.asked.clear()
    assert world.resolve(app(root), locked=lock).lock() == lock
    assert not world.asked
    assert lock.is_coherent


@settings(max_examples=30, deadline=None)
@given(GRAPHS, NEEDS, NEEDS)
def test_a_lock_of_other_requirements_never_makes_a_wrong_result(graph, before, now):
    world = world_of(graph)
    if not isinstance(outcome(world, app(before)), dict):
        return
    found = outcome(world, app(now), locked=world.resolve(app(before)).lock())
    if isinstance(found, dict):
        assert is_solution(graph, now, found)
    else:
        assert next(solutions(graph, now), None) is None


@settings(max_examples=30, deadline=None)
@given(GRAPHS, NEEDS)
def test_the_closures_of_a_lock_are_those_of_its_graph(graph, root):
    world = world_of(graph)
    if not isinstance(outcome(world, app(root)), dict):
        return
    entries = world.resolve(app(root)).lock().entradas
    again = fechamentos({entry.nome: (entry.conteudo, entry.deps_diretas) for entry in entries})
    assert again == {entry.nome: entry.fechamento for entry in entries}
    assert all(re.fullmatch(r"git:[0-9a-f]{40}", entry.conteudo) for entry in entries)
