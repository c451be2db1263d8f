"""Files and folders: real ones, in a folder of the test's own."""

from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.natives.script import files
from caixa.lisp.natives.script.files import file_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXTS)
def test_what_is_written_is_read(tmp_path_factory, text):
    path = str(tmp_path_factory.getbasetemp() / "text")
    files.write_file(path, text)
    assert file_text("read-file", path) == text


def test_a_file_is_written_whole_or_not_at_all(folder, monkeypatch, fail):
    (folder / "a").write_text("before")
    monkeypatch.setattr(os, "replace", _full_disk)
    error = fail('(write-file "a" "after")')
    assert dict(error.facts) == {"path": "a", "errno": "ENOSPC"}
    assert [path.name for path in folder.iterdir()] == ["a"]
    assert (folder / "a").read_text() == "before"


def _full_disk(*_):
    raise OSError(28, "No space left on device")


def test_writing_keeps_the_mode_and_follows_a_link(folder, run):
    (folder / "target").write_text("before")
    (folder / "target").chmod(0o640)
    (folder / "link").symlink_to("target")
    run('(write-file "link" "after")')
    assert (folder / "target").read_text() == "after"
    assert (folder / "link").is_symlink()
    assert stat.S_IMODE((folder / "target").stat().st_mode) == 0o640


def test_a_new_file_gets_the_mode_that_is_usual(folder, run):
    (folder / "usual").write_text("")
    run('(write-file "a" "x")')
    assert (folder / "a").stat().st_mode == (folder / "usual").stat().st_mode


def test_a_device_is_written_and_not_replaced(run):
    assert run('(write-file "/dev/null" "gone")') == "()"
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_appending_adds_to_what_is_there(run):
    assert run('(append-file "a" "1\\n") (append-file "a" "2\\n") (read-lines "a")') == '("1" "2")'


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ('(read-file "none")', "ENOENT"),
        ('(read-file ".")', "EISDIR"),
        ('(write-file "none/a" "x")', "ENOENT"),
        ('(write-file "." "x")', "EISDIR"),
        ('(mkdir "none/a")', "ENOENT"),
        ('(rm "none")', "ENOENT"),
        ('(ls "none")', "ENOENT"),
        ('(chdir "none")', "ENOENT"),
        ('(path-absolute "none")', "ENOENT"),
        ('(file-size "none")', "ENOENT"),
    ],
)
def test_what_the_system_refuses_tells_the_path_and_the_name_of_the_error(fail, call, code):
    error = fail(call)
    assert error.kind == "native-fn"
    assert error.facts["errno"] == code
    assert call.split('"')[1] == error.facts["path"]


def test_the_facts_of_an_error_are_its_data(run):
    assert run('(try (read-file "none") (catch (e) (error-data-get e :errno)))') == '"ENOENT"'


def test_bytes_that_are_no_text_are_an_error_that_says_where(folder, fail):
    (folder / "a").write_bytes(b"ok\xff")
    assert "not UTF-8 text (byte 2)" in fail('(read-file "a")').message


def test_half_a_surrogate_pair_cannot_be_written(folder, fail):
    error = fail('(write-file "a" (json-parse "\\"\\\\ud800\\""))')
    assert "surrogate" in error.message
    assert not (folder / "a").exists()


def test_a_path_with_a_nul_is_an_error(fail):
    assert "null" in fail('(read-file "a\\0b")').message


def test_patterns_find_paths(folder, run):
    for name in ("a.md", "b.md", "sub/c.md", "sub/deep/d.md", "[x].md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    assert run('(glob "?.md")') == '("a.md" "b.md")'
    assert run('(glob "**/*.md")') == '("[x].md" "a.md" "b.md" "sub/c.md" "sub/deep/d.md")'
    assert run('(glob "[x]*")') == '("[x].md")'
    assert run(f'(glob "{folder}/s*")') == f'("{folder}/sub")'
    assert run('(glob "none")') == '("none")'


def test_folders_are_walked_listed_and_removed(run):
    made = '(mkdir-p "x/y") (mkdir "x") (write-file "x/y/a" "") (write-file "x/b" "")'
    assert run(f'{made} (list (ls "x") (walk-dir "x") (walk-dir "x/b") (walk-dir "none"))') == (
        '(("x/b" "x/y") ("x/b" "x/y/a") ("x/b") ())'
    )
    assert run('(rm-rf "x") (rm-rf "x") (path-exists? "x")') == "#f"


def test_removing_a_link_leaves_what_it_leads_to(folder, run):
    (folder / "kept").mkdir()
    (folder / "link").symlink_to("kept")
    run('(rm-rf "link")')
    assert (folder / "kept").is_dir()
    assert not (folder / "link").exists()


def test_temporary_files_lie_where_the_environment_says(folder, run, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(folder))
    assert run("(path-dirname (tmp-file))") == run("(path-dirname (tmp-dir))") == f'"{folder}"'


def test_going_to_a_folder_changes_where_we_are(folder, run):
    (folder / "in").mkdir()
    assert run('(chdir "in") (path-basename (cwd))') == '"in"'
