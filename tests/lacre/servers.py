"""Git over https and ssh on 127.0.0.1: a small server with a certificate of its own, and a stand-in for ssh."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SSH = """\
#!/bin/sh
# What git calls in place of ssh: notes its words, and runs the last of them here instead of there.
echo "$@" >> {log}
for last; do :; done
{before}
exec sh -c "$last"
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for 127.0.0.1, and its key, made for a day."""
    crt, key = folder / "server.crt", folder / "server.key"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(crt)]
    subprocess.run(["openssl", *words, *names], check=True, capture_output=True)
    return crt, key


def why_no_https() -> str:
    """Return what this machine lacks to serve git over https, or nothing."""
    backend = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    if shutil.which("openssl") is None:
        return "there is no openssl to make a certificate"
    return "" if (Path(backend) / "git-http-backend").exists() else "git has no http-backend here"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(body)

    def answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        self.server.asked.append(path)
        if path.startswith("/private/"):
            self.reply(401, [("WWW-Authenticate", 'Basic realm="private"')], b"")
            return
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
        )
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        fields = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n") if ": " in line]
        status = next((int(value[:3]) for name, value in fields if name == "Status"), 200)
        self.reply(status, [(name, value) for name, value in fields if name != "Status"], data)

    def reply(self, status: int, fields: list, data: bytes) -> None:
        self.send_response(status)
        for name, value in (*fields, ("Content-Length", str(len(data)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that does not trust the certificate hangs up."""


@contextmanager
def https_server(root: Path, folder: Path):
    """Yield a server of the repositories below `root`; `url` and `certificate` say how to reach it."""
    crt, key = certificate(folder)
    server = _Server(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.root, server.asked, server.certificate = root, [], crt
    server.url = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def ssh_stand_in(folder: Path, before: str = "") -> tuple[Path, Path]:
    """Return a program to be named in GIT_SSH_COMMAND, and the file where it notes what it was called with."""
    program, log = folder / "ssh-stand-in", folder / "ssh.log"
    program.write_text(SSH.format(log=log, before=before))
    program.chmod(0o755)
    return program, log
