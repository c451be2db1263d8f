"""A behaviour that notes what it is told, and does what the message says."""

from __future__ import annotations

import threading
from collections import deque

from caixa.runtime.errors import NoCallback
from caixa.runtime.supervision.events import Exit, Why
from caixa.runtime.units.behaviour import HANDLED, Answer


class Noting:
    """Messages are words: `boom` raises, `stop` ends, `odd` is refused, `hang` waits until interrupted."""

    def __init__(self, init=True):
        self.story, self.fall, self._init = [], None, init
        self.let_go = threading.Event()
        self.hangs = threading.Event()

    def init(self, arguments, fall):
        self.story.append(("init", *arguments))
        self.fall = fall
        if isinstance(self._init, BaseException):
            raise self._init
        if self._init == "hang":
            self._hang()
            return True
        return self._init

    def call(self, request):
        return self._told("call", request)

    def cast(self, message):
        return self._told("cast", message)

    def info(self, message):
        return self._told("info", message)

    def state_change(self, version):
        return self._told("state-change", version)

    def terminate(self, why):
        self.story.append(("terminate", str(why.exit)))

    def interrupt(self):
        self.let_go.set()

    def close(self):
        self.story.append("close")

    def _told(self, kind, message):
        self.story.append((kind, message))
        match message:
            case "boom":
                raise ValueError("boom")
            case "stop":
                return Answer("bye", stop=Why(Exit.NORMAL))
            case "odd":
                return Answer(refused=NoCallback(f"on-{kind}"))
            case "hang":
                self._hang()
        return Answer(f"heard {message}") if kind == "call" else HANDLED

    def _hang(self):
        self.hangs.set()
        self.let_go.wait(20)


class Turns:
    """Turns that the test runs, one by one or all."""

    def __init__(self):
        self.waiting = deque()

    def __call__(self, job):
        self.waiting.append(job)

    def one(self):
        self.waiting.popleft()()

    def all(self):
        while self.waiting:
            self.one()
