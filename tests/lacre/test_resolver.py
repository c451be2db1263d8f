"""The resolver as a function over a fetcher: what it chooses, what it refuses, and what it says."""

from __future__ import annotations

import pytest

from caixa.lacre.config import ResolverConfig
from caixa.lacre.errors import (
    ContentChanged,
    DependencyCycle,
    MissingPath,
    MissingSource,
    PathFromGit,
    SourceConflict,
    UnknownFeature,
    UnsafeSource,
    VersionConflict,
    WrongPackage,
)
from caixa.lacre.lock import Lock, read_lock, write_lock
from caixa.lacre.origins import Addressing
from caixa.lacre.package_digest import package_digest
from caixa.lacre.resolution import changes, moved_tags
from caixa.lisp.source import Source
from caixa.manifest.model import GitFonte, PathFonte
from caixa.manifest.package import Package

from .universe import Universe, dep, package, url


@pytest.fixture
def world():
    return Universe()


def said(caught) -> str:
    return "\n".join(f"{each.message} {each.why} {each.fix}" for each in caught.value.diagnostics)


# -- choosing -------------------------------------------------------------------------------------------------


def test_a_dependency_without_a_source_is_the_highest_release_on_the_default_host(world):
    world.publish(package("leaf", "0.1.0"), package("leaf", "0.1.7"), package("leaf", "0.2.0"))
    found = world.resolve(package("app", "1.0.0", dep("leaf", "^0.1"))).packages["leaf"]
    assert found.versao == "0.1.7"
    assert found.fonte == GitFonte("github:pleme-io/leaf", tag="v0.1.7", rev=found.rev)


def test_tags_without_a_v_are_versions_and_other_tags_are_not(world):
    world.commit(url("leaf"), "refs/tags/1.3.0", package("leaf", "1.3.0"))
    world.commit(url("leaf"), "refs/tags/v1.2.0", package("leaf", "1.2.0"))
    world.commit(url("leaf"), "refs/tags/nightly", package("leaf", "9.0.0"))
    world.commit(url("leaf"), "refs/tags/v2", package("leaf", "2.0.0"))
    assert world.versions(package("app", "1.0.0", dep("leaf"))) == {"leaf": "1.3.0"}


def test_a_prerelease_is_only_taken_where_it_is_asked_for(world):
    world.publish(package("leaf", "1.0.0"), package("leaf", "1.1.0-rc.1"))
    assert world.versions(package("app", "1.0.0", dep("leaf", "^1.0"))) == {"leaf": "1.0.0"}
    assert world.versions(package("app", "1.0.0", dep("leaf", "^1.1.0-rc.1"))) == {"leaf": "1.1.0-rc.1"}


@pytest.mark.parametrize(
    ("slot", "ref"), [(':tag "stable"', "refs/tags/stable"), (':branch "next"', "refs/heads/next")]
)
def test_a_tag_or_branch_pins_a_commit(world, slot, ref):
    world.publish(package("leaf", "0.1.0"))
    world.commit(url("leaf"), ref, package("leaf", "0.5.0"))
    fonte = f'(:tipo git :repo "github:pleme-io/leaf" {slot})'
    assert world.versions(package("app", "1.0.0", dep("leaf", "*", fonte))) == {"leaf": "0.5.0"}


def test_a_shortened_revision_pins_a_commit(world):
    rev = world.commit(url("leaf"), "refs/heads/old", package("leaf", "0.0.1"))
    fonte = f'(:tipo git :repo "github:pleme-io/leaf" :rev "{rev[:9]}")'
    found = world.resolve(package("app", "1.0.0", dep("leaf", "*", fonte))).packages["leaf"]
    assert (found.versao, found.rev) == ("0.0.1", rev)


def test_a_pin_and_a_requirement_agree_where_the_commit_has_such_a_version(world):
    world.publish(
        package("leaf", "0.1.0"), package("leaf", "0.2.0"), package("mid", "1.0.0", dep("leaf", ">=0.1"))
    )
    fonte = '(:tipo git :repo "https://github.com/pleme-io/leaf.git/" :tag "v0.1.0")'
    root = package("app", "1.0.0", dep("mid"), dep("leaf", "*", fonte))
    assert world.versions(root) == {"mid": "1.0.0", "leaf": "0.1.0"}


def test_a_pin_that_a_deeper_package_asks_for_is_found_though_others_were_tried_before(world):
    world.publish(package("leaf", "0.1.0"), package("leaf", "0.2.0"))
    world.commit(url("leaf"), "refs/heads/next", package("leaf", "0.3.0"))
    fonte = '(:tipo git :repo "github:pleme-io/leaf" :branch "next")'
    world.publish(package("z-mid", "1.0.0", dep("leaf", "*", fonte)))
    assert world.versions(package("app", "1.0.0", dep("leaf"), dep("z-mid")))["leaf"] == "0.3.0"


def test_an_older_version_is_taken_where_the_highest_cannot_agree(world):
    world.publish(package("leaf", "1.0.0"), package("leaf", "2.0.0"))
    world.publish(package("a", "1.0.0", dep("leaf", "^1")), package("a", "2.0.0", dep("leaf", "^2")))
    world.publish(package("b", "1.0.0", dep("leaf", "^1")))
    assert world.versions(package("app", "1.0.0", dep("a"), dep("b"))) == {
        "a": "1.0.0",
        "b": "1.0.0",
        "leaf": "1.0.0",
    }


def test_the_default_host_is_the_configured_one(world):
    world.commit("https://codeberg.org/me/leaf.git", "refs/tags/v0.1.0", package("leaf"))
    addressing = Addressing(ResolverConfig(default_host="codeberg:me"))
    assert world.versions(package("app", "1.0.0", dep("leaf")), addressing=addressing) == {"leaf": "0.1.0"}


def test_a_path_is_relative_to_the_package_that_names_it(world):
    world.directories = {
        "../mid": package("mid", "0.1.0", dep("leaf", "*", '(:tipo path :caminho "libs/leaf")')),
        "../mid/libs/leaf": package("leaf"),
    }
    found = world.resolve(package("app", "1.0.0", dep("mid", "*", '(:tipo path :caminho "../mid")')))
    assert found.packages["mid"].fonte == PathFonte("../mid")
    assert found.packages["leaf"].fonte == PathFonte("../mid/libs/leaf")


def test_development_dependencies_are_the_roots_own_and_only_on_demand(world):
    world.publish(package("leaf", "0.1.0", rest=f":deps-dev ({dep('deeper')})"))
    root = package("app", "1.0.0", rest=f":deps-dev ({dep('leaf')})")
    assert world.versions(root) == {}
    assert world.versions(root, with_dev=True) == {"leaf": "0.1.0"}


def test_members_and_children_are_resolved_with_the_source_that_a_dependency_gives(world):
    world.publish(package("cart"))
    world.directories = {"../stock": package("stock", "0.2.0")}
    mesh = Package.from_text(
        '(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao'
        ' :placement (:estrategia Replicated :clusters ("a"))'
        ' :membros ((:caixa "cart" :versao "^0.1") (:caixa "stock" :versao "^0.2"))'
        ' :deps ((:nome "stock" :versao "*" :fonte (:tipo path :caminho "../stock"))))'
    )
    assert world.versions(mesh) == {"cart": "0.1.0", "stock": "0.2.0"}
    tree = Package.from_text(
        '(defcaixa :nome "root" :versao "0.1.0" :kind Supervisor :estrategia OneForOne'
        ' :children ((:caixa "cart" :versao "^0.1" :restart Permanent)))'
    )
    assert world.versions(tree) == {"cart": "0.1.0"}


def test_a_member_without_a_source_may_be_unpublished_and_one_with_a_source_may_not(world):
    tree = (
        '(defcaixa :nome "root" :versao "0.1.0" :kind Supervisor :estrategia OneForOne'
        ' :children ((:caixa "cart" :versao "^0.1" :restart Permanent)) {})'
    )
    (note,) = world.resolve(Package.from_text(tree.format(""))).notes
    assert (note.code, note.severity) == ("member-left-out", "warning")
    given = ':deps ((:nome "cart" :versao "*" :fonte (:tipo path :caminho "../cart")))'
    with pytest.raises(MissingPath):
        world.resolve(Package.from_text(tree.format(given)))


# -- optional dependencies and features -----------------------------------------------------------------------


def test_an_optional_dependency_of_the_root_is_left_out_where_it_is_missing(world):
    root = package("app", "1.0.0", dep("tls", rest=":opcional #t"))
    found = world.resolve(root)
    assert not found.packages
    assert [note.code for note in found.notes] == ["optional-left-out"]
    world.publish(package("tls"))
    assert world.versions(root) == {"tls": "0.1.0"}


def test_an_optional_dependency_is_not_left_out_for_a_conflict(world):
    world.publish(package("tls", "1.0.0"))
    with pytest.raises(VersionConflict):
        world.resolve(package("app", "1.0.0", dep("tls", "^2", rest=":opcional #t")))


def test_a_feature_turns_on_the_optional_dependency_of_its_name(world):
    world.publish(package("tls"), package("http", "0.1.0", dep("tls", rest=":opcional #t")))
    assert world.versions(package("app", "1.0.0", dep("http"))) == {"http": "0.1.0"}
    asking = package("app", "1.0.0", dep("http", rest=':caracteristicas ("tls")'))
    assert world.versions(asking) == {"http": "0.1.0", "tls": "0.1.0"}


def test_a_feature_that_is_asked_for_late_is_turned_on_too(world):
    world.publish(
        package("tls"),
        package("http", "0.1.0", dep("tls", rest=":opcional #t")),
        package("zeta", "0.1.0", dep("http", rest=':caracteristicas ("tls")')),
    )
    found = world.resolve(package("app", "1.0.0", dep("http"), dep("zeta")))
    assert found.packages["http"].needs == ("tls",)


def test_a_feature_that_a_package_does_not_have_is_refused(world):
    world.publish(package("http", "0.1.0", dep("tls", rest=":opcional #t")))
    with pytest.raises(UnknownFeature) as caught:
        world.resolve(package("app", "1.0.0", dep("http", rest=':caracteristicas ("tsl")')))
    assert "there is: tls" in said(caught)


# -- refusals -------------------------------------------------------------------------------------------------


def test_r1_a_shorthand_dependency_resolves(world):
    world.publish(package("leaf"))
    assert world.versions(package("app", "1.0.0", dep("leaf", "^0.1"))) == {"leaf": "0.1.0"}


@pytest.mark.parametrize("fonte", ["", '(:tipo git :repo "github:pleme-io/leaf" :tag "v0.1.0")'])
def test_r2_a_requirement_that_nothing_meets_is_refused(world, fonte):
    world.publish(package("leaf"))
    with pytest.raises(VersionConflict) as caught:
        world.resolve(package("app", "1.0.0", dep("leaf", "^9.0", fonte)))
    assert "app 1.0.0 → leaf ^9.0" in said(caught)
    assert "there is: 0.1.0" in said(caught)


def test_r3_a_source_that_holds_another_package_is_refused(world):
    world.directories = {"../leaf": package("fell")}
    with pytest.raises(WrongPackage, match='holds "fell"'):
        world.resolve(package("app", "1.0.0", dep("leaf", "*", '(:tipo path :caminho "../leaf")')))


def test_a_tag_that_holds_another_version_is_refused(world):
    world.commit(url("leaf"), "refs/tags/v1.0.0", package("leaf", "0.9.0"))
    with pytest.raises(WrongPackage, match=r"v1\.0\.0 .* holds version 0\.9\.0"):
        world.resolve(package("app", "1.0.0", dep("leaf")))


def test_r4_two_sources_for_one_name_are_refused_with_both_paths(world):
    world.publish(
        package("mid", "0.1.0", dep("leaf", "*", '(:tipo git :repo "gitlab:evil/leaf")')), package("leaf")
    )
    with pytest.raises(SourceConflict) as caught:
        world.resolve(package("app", "1.0.0", dep("leaf"), dep("mid")))
    assert "app 1.0.0 → leaf *" in said(caught)
    assert "app 1.0.0 → mid 0.1.0 → leaf *" in said(caught)
    assert "gitlab.com/evil" in said(caught)


def test_r4_requirements_that_exclude_each_other_are_refused_with_both_paths(world):
    world.publish(package("leaf", "1.0.0"), package("leaf", "2.0.0"), package("leaf", "3.0.0"))
    world.publish(package("a", "0.1.0", dep("leaf", "^1")), package("b", "0.1.0", dep("leaf", "^2")))
    with pytest.raises(VersionConflict) as caught:
        world.resolve(package("app", "1.0.0", dep("b"), dep("a")))
    assert 'no version of "leaf" is both ^1 and ^2' in said(caught)
    assert "app 1.0.0 → a 0.1.0 → leaf ^1" in said(caught)
    assert "app 1.0.0 → b 0.1.0 → leaf ^2" in said(caught)
    assert "3.0.0, 2.0.0, 1.0.0" in said(caught)


def test_two_pins_of_one_name_are_refused_unless_they_are_one_commit(world):
    world.publish(package("leaf", "1.0.0"))
    world.commit(url("leaf"), "refs/heads/main", package("leaf", "1.0.0"))
    world.commit(url("leaf"), "refs/heads/next", package("leaf", "1.1.0"))

    def pinned(slot: str) -> str:
        return dep("leaf", "*", f'(:tipo git :repo "github:pleme-io/leaf" {slot})')

    world.publish(
        package("a", "0.1.0", pinned(':branch "main"')), package("b", "0.1.0", pinned(':branch "next"'))
    )
    assert world.versions(package("app", "1.0.0", pinned(':tag "v1.0.0"'), dep("a")))["leaf"] == "1.0.0"
    with pytest.raises(SourceConflict, match="which are two commits"):
        world.resolve(package("app", "1.0.0", pinned(':tag "v1.0.0"'), dep("b")))


def test_r5_a_cycle_is_refused_with_its_path(world):
    world.publish(package("a", "0.1.0", dep("b")), package("b", "0.1.0", dep("a")))
    with pytest.raises(DependencyCycle) as caught:
        world.resolve(package("app", "1.0.0", dep("b")))
    assert "a 0.1.0 → b 0.1.0 → a 0.1.0" in said(caught)


def test_r5_a_package_that_needs_the_root_is_a_cycle(world):
    world.publish(package("a", "0.1.0", dep("app")))
    with pytest.raises(DependencyCycle, match=r"a 0\.1\.0 → app 1\.0\.0 → a 0\.1\.0"):
        world.resolve(package("app", "1.0.0", dep("a")))


def test_a_cycle_is_avoided_where_an_older_version_has_none(world):
    world.publish(package("a", "0.1.0"), package("a", "0.2.0", dep("b")), package("b", "0.1.0", dep("a")))
    assert world.versions(package("app", "1.0.0", dep("b"))) == {"a": "0.1.0", "b": "0.1.0"}


def test_a_missing_source_is_refused(world):
    with pytest.raises(MissingPath):
        world.resolve(package("app", "1.0.0", dep("leaf", "*", '(:tipo path :caminho "../gone")')))
    with pytest.raises(MissingSource):
        world.resolve(package("app", "1.0.0", dep("leaf")))


def test_a_path_asked_for_by_a_package_from_git_is_refused(world):
    world.publish(package("mid", "0.1.0", dep("leaf", "*", '(:tipo path :caminho "/etc")')))
    with pytest.raises(PathFromGit, match="/etc"):
        world.resolve(package("app", "1.0.0", dep("mid")))


@pytest.mark.parametrize("repo", ["/home/ana/secret", "./secret", "file:///home/ana/secret"])
def test_a_package_from_the_network_cannot_ask_for_repositories_of_this_machine(world, repo):
    world.publish(package("mid", "0.1.0", dep("leaf", "*", f'(:tipo git :repo "{repo}")')))
    with pytest.raises(UnsafeSource):
        world.resolve(package("app", "1.0.0", dep("mid")))


@pytest.mark.parametrize(
    "fonte",
    [
        '(:tipo git :repo "github:pleme-io/leaf" :tag "--upload-pack=touch x")',
        '(:tipo git :repo "github:pleme-io/leaf" :branch "-b")',
        '(:tipo git :repo "github:pleme-io/leaf" :branch "a..b")',
        '(:tipo git :repo "github:pleme-io/leaf" :rev "--help")',
        '(:tipo git :repo "github:pleme-io/leaf" :rev "HEAD")',
        '(:tipo git :repo "-oProxyCommand=x")',
        '(:tipo git :repo "--upload-pack=x")',
        '(:tipo git :repo "ext::sh -c x")',
        '(:tipo git :repo "ssh://-oProxyCommand=x/y")',
        '(:tipo git :repo "ssh://git@-oProxyCommand=x/y")',
        '(:tipo git :repo "http://example.org/leaf.git")',
        '(:tipo git :repo "git://example.org/leaf.git")',
        '(:tipo git :repo "fd::17")',
        '(:tipo git :repo "nowhere")',
    ],
)
def test_r11_an_address_or_a_ref_that_git_could_misread_is_refused(world, fonte):
    with pytest.raises(UnsafeSource) as caught:
        world.resolve(package("app", "1.0.0", dep("leaf", "*", fonte)))
    assert f":{caught.value.diagnostics[0].data['slot']} " in fonte
    assert not world.asked


# -- the lock -------------------------------------------------------------------------------------------------


def test_r7_a_lock_is_honoured_and_nothing_is_asked_anew(world):
    world.publish(package("leaf", "0.1.0"))
    root = package("app", "1.0.0", dep("leaf", "^0.1"))
    lock = world.resolve(root).lock()
    world.publish(package("leaf", "0.1.9"))
    world.asked.clear()
    assert world.resolve(root, locked=lock).lock() == lock
    assert not world.asked
    assert world.versions(root, locked=lock.without(["leaf"])) == {"leaf": "0.1.9"}


def test_r7_a_tag_that_moved_keeps_its_locked_commit_and_an_update_reports_it(world):
    world.publish(package("leaf", "0.1.0"))
    root = package("app", "1.0.0", dep("leaf", "^0.1"))
    old = world.resolve(root).lock()
    moved = package("leaf", "0.1.0").with_file("lib/leaf.lisp", b"other")
    world.publish(moved)
    assert world.resolve(root, locked=old).lock() == old
    new = world.resolve(root, locked=old.without(["leaf"])).lock()
    (warning,) = moved_tags(old, new)
    assert (warning.code, warning.data["tag"]) == ("tag-moved", "v0.1.0")
    assert [*changes(old, new)] == [("leaf", "0.1.0", "0.1.0")]


def test_r6_a_branch_is_locked_and_follows_only_on_an_update(world):
    fonte = '(:tipo git :repo "github:pleme-io/leaf" :branch "next")'
    world.commit(url("leaf"), "refs/heads/next", package("leaf", "0.1.0"))
    root = package("app", "1.0.0", dep("leaf", "*", fonte))
    lock = world.resolve(root).lock()
    world.commit(url("leaf"), "refs/heads/next", package("leaf", "0.2.0"))
    assert world.versions(root, locked=lock) == {"leaf": "0.1.0"}
    assert world.versions(root) == {"leaf": "0.2.0"}


def test_a_locked_version_that_no_longer_fits_is_chosen_anew_and_the_others_stay(world):
    world.publish(package("leaf", "0.1.0"), package("other", "1.0.0"))
    old = world.resolve(package("app", "1.0.0", dep("leaf", "^0.1"), dep("other"))).lock()
    world.publish(package("leaf", "0.2.0"), package("other", "2.0.0"))
    wanted = package("app", "1.0.0", dep("leaf", "^0.2"), dep("other"))
    assert world.versions(wanted, locked=old) == {"leaf": "0.2.0", "other": "1.0.0"}


def test_a_lock_of_another_source_is_no_preference(world):
    world.publish(package("leaf", "0.1.0"))
    old = world.resolve(package("app", "1.0.0", dep("leaf"))).lock()
    world.commit("https://gitlab.com/o/leaf.git", "refs/tags/v0.3.0", package("leaf", "0.3.0"))
    moved = package("app", "1.0.0", dep("leaf", "*", '(:tipo git :repo "gitlab:o/leaf")'))
    assert world.versions(moved, locked=old) == {"leaf": "0.3.0"}


def test_r8_content_that_is_not_what_was_sealed_is_refused(world):
    world.publish(package("leaf", "0.1.0"))
    root = package("app", "1.0.0", dep("leaf"))
    lock = world.resolve(root).lock()
    ((at, rev),) = world.commits
    world.commits[at, rev] = package("leaf", "0.1.0").with_file("lib/leaf.lisp", b"tampered")
    with pytest.raises(ContentChanged):
        world.resolve(root, locked=lock)


def test_r8_the_seal_of_a_path_changes_with_its_content(world):
    root = package("app", "1.0.0", dep("leaf", "*", '(:tipo path :caminho "../leaf")'))
    world.directories = {"../leaf": package("leaf")}
    one = world.resolve(root).lock()
    world.directories = {"../leaf": package("leaf").with_file("lib/leaf.lisp", b"changed")}
    other = world.resolve(root, locked=one).lock()
    assert one.entradas == other.entradas
    assert one.seals != other.seals


def test_r10_two_packages_without_dependencies_have_two_digests():
    assert package_digest(package("a")) != package_digest(package("b"))
    assert package_digest(package("a")) != package_digest(package("a").with_file("lib/a.lisp", b"changed"))


def test_the_interoperable_form_of_a_lock_is_written_to_the_byte_and_seals_stand_after_it(world):
    world.publish(package("leaf"))
    lock = world.resolve(package("app", "1.0.0", dep("leaf"))).lock()
    text = write_lock(lock)
    assert text.startswith(write_lock(Lock.of(lock.entradas)))
    assert text[len(write_lock(Lock.of(lock.entradas))) :].startswith("\n(defselos\n")
    assert read_lock(Source("lacre.lisp", text)) == lock
    assert lock.is_coherent
