"""The connection file: where a kernel listens, and the keys that its messages are signed and sealed with."""

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import zmq

from .errors import ConnectionFileUnreadable

__all__ = ["CHANNELS", "Connection"]

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


@dataclass(frozen=True, slots=True)
class Connection:
    """What a connection file says (Jupyter messaging, "Connection files"); a port of 0 means any free one."""

    transport: str = "tcp"
    ip: str = "127.0.0.1"
    key: str = ""
    signature_scheme: str = "hmac-sha256"
    shell_port: int = 0
    iopub_port: int = 0
    stdin_port: int = 0
    control_port: int = 0
    hb_port: int = 0
    curve_publickey: str = ""
    curve_secretkey: str = ""

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read the file at `path`; raises ConnectionFileUnreadable."""
        try:
            data = json.loads(Path(path).read_text("utf-8"))
            known = {field.name for field in fields(cls)}
            return cls(**{name: value for name, value in data.items() if name in known and value is not None})
        except OSError as error:
            raise ConnectionFileUnreadable(str(path), error.strerror or "it cannot be read") from error
        except (ValueError, AttributeError, TypeError) as error:
            raise ConnectionFileUnreadable(str(path), f"it is not a JSON object ({error})") from error

    def write_ports(self, path: str | Path) -> None:
        """Write the ports back to the file at `path`, for clients that read it once the kernel listens."""
        data = json.loads(Path(path).read_text("utf-8"))
        chosen = {f"{channel}_port": self.port(channel) for channel in CHANNELS}
        if any(data.get(name) != port for name, port in chosen.items()):
            Path(path).write_text(json.dumps(data | chosen, indent=1), "utf-8")

    def port(self, channel: str) -> int:
        """Return the port (over ipc: the number) of one of CHANNELS."""
        port: int = getattr(self, f"{channel}_port")
        return port

    def with_port(self, channel: str, port: int) -> Self:
        """Return the same connection with the port of `channel` known."""
        ports: dict[str, Any] = {f"{channel}_port": port}
        return replace(self, **ports)

    def bind(self, socket: zmq.Socket[Any], channel: str) -> Self:
        """Bind `socket` as `channel`, sealed when there are keys; return the connection with its port."""
        self._seal(socket)
        if self.transport == "tcp" and not self.port(channel):
            return self.with_port(channel, socket.bind_to_random_port(f"tcp://{self.ip}"))
        number = self.port(channel) or CHANNELS.index(channel) + 1
        mark = ":" if self.transport == "tcp" else "-"
        socket.bind(f"{self.transport}://{self.ip}{mark}{number}")
        return self.with_port(channel, number)

    def _seal(self, socket: zmq.Socket[Any]) -> None:
        if self.curve_secretkey:
            socket.curve_secretkey = self.curve_secretkey.encode()
            socket.curve_publickey = self.curve_publickey.encode()
            socket.curve_server = True
