"""A program that runs for a while: streamed, stopped and reported, and the real one where it is here."""

import json
import stat
import sys
import time

import pytest
from iac_parsing import program

from caixa.iac.errors import ProgramFailed, ProgramMissing
from caixa.iac.program import Program, find_program
from caixa.session.secrets import Secrets
from feira.relay import Relay


def fake(folder, body):
    path = folder / "tofu"
    path.write_text(f"#!{sys.executable}\n{body}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_tofu_is_preferred_and_terraform_will_do():
    here = {"tofu": "/bin/tofu", "terraform": "/bin/terraform"}
    assert find_program(search=here.get) == "/bin/tofu"
    assert find_program(search={"terraform": "/bin/terraform"}.get) == "/bin/terraform"
    assert find_program("mine", search={"mine": "/mine"}.get) == "/mine"


@pytest.mark.parametrize("named", [None, "mine"])
def test_where_there_is_none_the_error_says_what_was_looked_for(named):
    with pytest.raises(ProgramMissing, match="mine" if named else "tofu or terraform"):
        find_program(named, search=lambda _name: None)


def test_lines_are_said_as_they_come_and_asking_is_impossible(tmp_path):
    body = "import os, sys; print('one', os.environ['TF_INPUT'], sys.stdin.read() == ''); sys.exit(2)"
    path = fake(tmp_path, body)
    said = []
    ended = Program(path, tmp_path).run("plan", say=said.append, accepted=(0, 2))
    assert (ended.status, said, ended.output) == (2, ["one 0 True"], "one 0 True")


def test_a_failure_carries_what_the_program_complains_of(tmp_path):
    frame = "╷\\n│ Error: No such thing\\n│ \\n│ at all\\n╵"
    path = fake(tmp_path, f"print('Fine so far'); print('{frame}'); raise SystemExit(1)")
    with pytest.raises(ProgramFailed, match="tofu plan failed with status 1") as caught:
        Program(path, tmp_path).run("plan", say=lambda _line: None)
    assert caught.value.diagnostics[0].why == "Error: No such thing at all"


SLOW = """
import signal, sys, time
def leave(*_):
    open("left", "w").write("in order"); print("x" * 200_000); sys.exit(1)
signal.signal(signal.SIGINT, leave)
print("started", flush=True)
time.sleep(60)
"""


def test_stop_lets_the_program_leave_in_order_and_none_survives(tmp_path):
    def stop(_line):
        raise KeyboardInterrupt

    path = fake(tmp_path, SLOW)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Program(path, tmp_path).run("apply", say=stop)
    assert (tmp_path / "left").read_text() == "in order"
    assert time.monotonic() - began < 20


def test_the_signal_of_a_stopped_cell_does_not_reach_the_program_by_itself(tmp_path):
    path = fake(tmp_path, "import os; print(os.getsid(0) == os.getpid())")
    said = []
    Program(path, tmp_path).run("plan", say=said.append)
    assert said == ["True"]


class Looking:
    """A workspace in which results are looked at, or not."""

    def __init__(self, *, is_looked_at):
        self.seen, self.is_looked_at = [], is_looked_at

    def show(self, result):
        if self.is_looked_at:
            self.seen.append(result.text())
        return self.is_looked_at


def test_a_relay_takes_secrets_out_and_keeps_what_nobody_sees():
    secrets = Secrets(lambda: {"DB_PASSWORD": "hunter22"})
    blind, looking = Looking(is_looked_at=False), Looking(is_looked_at=True)
    for workspace in (blind, looking):
        relay = Relay(workspace, secrets)
        relay("the password is hunter22")
        assert relay.unseen == ([] if workspace.is_looked_at else ["the password is •••"])
    assert looking.seen == ["the password is •••"]


SLEEPING = {"input": "y", "provisioner": {"local-exec": {"command": "sleep 30"}}}
REAL = {"resource": {"terraform_data": {"x": SLEEPING}}}


def test_stop_in_the_middle_of_a_real_apply_keeps_the_state_and_gives_up_the_lock(tmp_path, monkeypatch):
    path = program("tofu", "terraform")
    (tmp_path / "rc").write_text("")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "rc"))
    (tmp_path / "main.tf.json").write_text(json.dumps(REAL))
    engine = Program(path, tmp_path)
    engine.run("init", "-input=false", "-no-color", say=lambda _line: None)

    def stop(line):
        if "local-exec" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.run("apply", "-auto-approve", "-no-color", say=stop)
    state = json.loads((tmp_path / "terraform.tfstate").read_text())
    assert state["resources"][0]["instances"][0]["status"] == "tainted"
    assert not (tmp_path / ".terraform.tfstate.lock.info").exists()
