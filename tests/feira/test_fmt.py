"""`feira fmt` and `%caixa fmt`: what is written, listed or shown, and that one bad file stops no other."""

import json
import os

import pytest

MANIFEST = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)\n'
UGLY = "(define  x   1) ; one\n"
NEAT = "(define x 1) ; one\n"


@pytest.fixture
def package(feira):
    feira.write("caixa.lisp", MANIFEST)
    feira.write("lib/a.lisp", UGLY)
    feira.write("lib/deep/b.lisp", NEAT)
    feira.write("servicos/c.lisp", UGLY)
    return feira


def test_every_source_of_the_package_is_laid_out_in_place(package):
    outcome = package("fmt")
    assert outcome.status == 0
    assert outcome.err == "✓ formatted lib/a.lisp\n✓ formatted servicos/c.lisp\n✓ 4 files\n"
    assert package.files()["lib/a.lisp"].decode() == NEAT
    assert package("fmt").err == "✓ 4 files\n"


def test_a_check_lists_what_would_change_and_writes_nothing(package):
    outcome = package("fmt", "--check")
    assert (outcome.status, outcome.out) == (1, "lib/a.lisp\nservicos/c.lisp\n")
    assert outcome.err == "✗ 4 files, 2 to change\n"
    assert package.files()["lib/a.lisp"].decode() == UGLY
    package("fmt")
    assert package("fmt", "--check").status == 0


def test_what_would_change_is_printed_on_request(package):
    outcome = package("fmt", "--stdout", "lib")
    assert (outcome.status, outcome.out) == (0, NEAT)
    assert package.files()["lib/a.lisp"].decode() == UGLY


def test_files_and_folders_are_named(package):
    assert package("fmt", "servicos", "servicos/c.lisp").err == "✓ formatted servicos/c.lisp\n✓ 1 file\n"
    assert package("fmt", "none.lisp").status == 1


def test_a_file_that_does_not_read_is_one_error_and_stops_no_other(package):
    package.write("lib/aa.lisp", "(a")
    package.write("lib/ab.lisp", b"\xff")
    outcome = package("fmt")
    assert outcome.status == 1
    assert outcome.err.count("error[") == 2
    assert "lib/aa.lisp, line 1, column 1" in outcome.err
    assert "lib/ab.lisp is not UTF-8" in outcome.err
    assert outcome.err.endswith("✗ 6 files, 2 not read or written\n")
    assert package.files()["servicos/c.lisp"].decode() == NEAT
    assert package.files()["lib/aa.lisp"] == b"(a"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes where nobody may")
def test_a_folder_that_refuses_is_one_error(package):
    (package.folder / "lib").chmod(0o500)
    outcome = package("fmt")
    (package.folder / "lib").chmod(0o700)
    assert outcome.status == 1
    assert package.files()["servicos/c.lisp"].decode() == NEAT


def test_a_byte_order_mark_is_no_part_of_the_text(package):
    package.write("lib/a.lisp", b"\xef\xbb\xbf(define  x 1)\r\n")
    package("fmt")
    assert package.files()["lib/a.lisp"] == b"(define x 1)\n"


def test_the_lock_links_and_hidden_files_are_left_alone(package, tmp_path):
    outside = tmp_path / "outside.lisp"
    outside.write_text(UGLY)
    (package.folder / "lib" / "link.lisp").symlink_to(outside)
    for path in ("lacre.lisp", ".hidden/x.lisp", "lib/.x.lisp", "target/x.lisp"):
        package.write(path, UGLY)
    package("fmt")
    changed = {path for path, data in package.files().items() if data.decode() == UGLY}
    assert changed == {"lacre.lisp", ".hidden/x.lisp", "lib/.x.lisp", "target/x.lisp", "lib/link.lisp"}
    assert outside.read_text() == UGLY


@pytest.mark.parametrize(
    ("settings", "laid_out"),
    [
        ("(deffmt-config :line-width 12)", "(define\n  x\n  1) ; one\n"),
        ("(deffmt-config :line-width 12 :layout Lisp)", "(define x\n  1) ; one\n"),
        ("(deffmt-config :line-width 12 :indent 1)", "(define\n x\n 1) ; one\n"),
    ],
)
def test_the_nearest_settings_file_within_the_package_decides(package, settings, laid_out):
    package.write("lib/.caixa-fmt.lisp", settings)
    package("fmt")
    assert package.files()["lib/a.lisp"].decode() == laid_out
    assert package.files()["servicos/c.lisp"].decode() == NEAT


def test_the_flag_goes_before_the_settings_file(package):
    package.write(".caixa-fmt.lisp", "(deffmt-config :line-width 90)")
    package("fmt", "--line-width", "12")
    assert package.files()["lib/a.lisp"].decode() == "(define\n  x\n  1) ; one\n"
    assert package("fmt", "--line-width", "0").status == 2


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("(deffmt-config :line-widht 9)", "slot-unknown"),
        ("(deffmt-config :preserve-comments #f)", "comments-kept"),
        ("(deffmt-config", "reader"),
        ("", "not-settings"),
        ("(deffmt-config :indent -1)", "slot-out-of-range"),
        ("(other)", "not-deffmt-config"),
    ],
)
def test_settings_that_mean_nothing_are_an_error_at_their_place(package, settings, code):
    package.write(".caixa-fmt.lisp", settings)
    outcome = package("fmt")
    assert outcome.status == 1
    assert outcome.err.count(f"[{code}]") == 1
    assert "in .caixa-fmt.lisp, line 1" in outcome.err
    assert package.files()["lib/a.lisp"].decode() == UGLY


def test_a_settings_file_above_the_package_does_not_count(package):
    (package.folder / "inner").mkdir()
    package.write(".caixa-fmt.lisp", "(deffmt-config :line-width 12)")
    package.write("inner/caixa.lisp", MANIFEST)
    package.write("inner/lib/x.lisp", UGLY)
    package("fmt", "--path", "inner")
    assert package.files()["inner/lib/x.lisp"].decode() == NEAT


def test_the_answer_as_data_has_the_diff(package):
    data = json.loads(package("fmt", "--check", "--json").out)
    (changed,) = [file for file in data["files"] if file["path"] == "lib/a.lisp"]
    assert changed["changed"]
    assert "+(define x 1) ; one" in changed["diff"]
    assert not data["ok"]
