"""A real JupyterLab on a free loopback port, and a real browser in front of it that acts as a person would."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Without the background flags Chromium keeps trying to reach hosts that a closed network refuses.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}


def browser_program() -> str | None:
    """Return the path of the first installed browser that Playwright can drive."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    root: Path

    def page_of(self, notebook: str) -> str:
        """Return the address of a notebook, in a workspace without a past."""
        return f"{self.url}/lab/tree/{notebook}?reset&token={self.token}"


@contextmanager
def jupyterlab(root: Path, state: Path) -> Iterator[Lab]:
    """Run JupyterLab on the folder `root`, with its settings, run time and workspaces below `state`."""
    lab = Lab(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(8), root)
    with (state / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            _command(lab), stdout=log, stderr=log, env=_environment(state), start_new_session=True
        )
        try:
            _wait_until_up(lab, server, state / "lab.log")
            yield lab
        finally:
            server.terminate()
            server.wait(20)


def _command(lab: Lab) -> list[str]:
    port = lab.url.rpartition(":")[2]
    return [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={lab.token}",
        f"--ServerApp.root_dir={lab.root}", "--LabApp.news_url=None",
    ]  # fmt: skip


def _environment(state: Path) -> dict[str, str]:
    folders = {
        name: state / name.lower() for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    settings = folders["JUPYTER_CONFIG_DIR"] / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS))
    workspaces = {
        "JUPYTERLAB_WORKSPACES_DIR": state / "workspaces",
        "JUPYTERLAB_SETTINGS_DIR": state / "settings",
    }
    return os.environ | {name: str(path) for name, path in (folders | workspaces).items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{lab.url}/api?token={lab.token}", timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"JupyterLab did not come up:\n{log.read_text()}")


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the installed browser without a screen."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_program(), headless=True, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


def open_notebook(page: Page, lab: Lab, notebook: str) -> None:
    """Open a notebook and wait until its kernel can take a cell: one run before that is dropped silently."""
    page.goto(lab.page_of(notebook))
    page.wait_for_selector(".jp-Notebook", timeout=60_000)
    page.wait_for_selector(".jp-StatusBar-TextItem >> text=/\\| Idle/", timeout=60_000)


def choose(page: Page, menu: str, entry: str) -> None:
    """Choose an entry of the menu bar, as a person does."""
    page.click(f".lm-MenuBar-itemLabel >> text='{menu}'")
    page.click(f".lm-Menu-itemLabel >> text='{entry}'")


def wait_until_run(page: Page, *, timeout_ms: float) -> None:
    """Wait until every code cell that has text has been run and none is running or waiting."""
    page.wait_for_function(
        """() => {
          const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
            .filter(cell => cell.querySelector('.cm-content')?.textContent.trim())
            .map(cell => cell.querySelector('.jp-InputPrompt')?.textContent ?? '');
          return prompts.length > 0 && prompts.every(text => /\\[\\d+\\]/.test(text));
        }""",
        timeout=timeout_ms,
    )
