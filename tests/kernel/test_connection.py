"""A connection file is read whole or refused with a reason; ports that were free to choose are written back."""

import json

import pytest
import zmq

from caixa_kernel.application import main
from caixa_kernel.connection import CHANNELS, Connection
from caixa_kernel.errors import ConnectionFileUnreadable


def test_what_the_file_says_is_what_is_used(tmp_path):
    file = tmp_path / "kernel.json"
    file.write_text(json.dumps({"ip": "127.0.0.1", "key": "k", "shell_port": 7, "kernel_name": "caixa"}))
    connection = Connection.read(file)
    assert (connection.key, connection.port("shell"), connection.port("hb")) == ("k", 7, 0)


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", '"text"'])
def test_a_file_that_is_no_connection_file_is_refused(tmp_path, text):
    file = tmp_path / "kernel.json"
    file.write_text(text)
    with pytest.raises(ConnectionFileUnreadable) as caught:
        Connection.read(file)
    assert "jupyter lab" in caught.value.diagnostics[0].fix


def test_a_missing_file_ends_the_program_with_one_clear_error(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["-f", str(tmp_path / "absent.json")])
    assert caught.value.code == 2
    assert "error[connection-file-unreadable]" in capsys.readouterr().err


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_sockets_are_bound_and_their_ports_written_back(tmp_path, transport):
    file = tmp_path / "kernel.json"
    ip = "127.0.0.1" if transport == "tcp" else str(tmp_path / "socket")
    file.write_text(json.dumps({"transport": transport, "ip": ip, "kernel_name": "caixa"}))
    connection = Connection.read(file)
    with zmq.Context() as context:
        sockets = [context.socket(zmq.ROUTER) for _ in CHANNELS]
        for socket, channel in zip(sockets, CHANNELS, strict=True):
            connection = connection.bind(socket, channel)
        connection.write_ports(file)
        for socket in sockets:
            socket.close()
    written = json.loads(file.read_text())
    assert written["kernel_name"] == "caixa"
    assert len({written[f"{channel}_port"] for channel in CHANNELS}) == len(CHANNELS)
