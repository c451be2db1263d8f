"""A world for a supervisor, on its own clock: children do what the test says, and all is told."""

from collections import deque
from dataclasses import dataclass, field

from caixa.manifest.model import Estrategia, RestartKind
from caixa.runtime.supervision.events import (
    Asked,
    AskToStop,
    Cancel,
    ChildExited,
    ChildFailed,
    ChildIgnored,
    ChildStarted,
    End,
    Event,
    Exit,
    Kill,
    Launch,
    Ready,
    Reply,
    Report,
    Retry,
    SetTimer,
    Start,
    Stop,
    TimeUp,
    TryAgain,
    Why,
)
from caixa.runtime.supervision.machine import step
from caixa.runtime.supervision.requests import (
    CountChildren,
    DeleteChild,
    ListChildren,
    Replace,
    RestartChild,
    StartChild,
    TerminateChild,
)
from caixa.runtime.supervision.specification import AutoShutdown, ChildSpec, Flags
from caixa.runtime.supervision.state import initial

NORMAL, SHUTDOWN, KILLED = Why(Exit.NORMAL), Why(Exit.SHUTDOWN), Why(Exit.KILLED)
CRASH = Why(Exit.ABNORMAL, "boom")
PERMANENT, TRANSIENT, TEMPORARY = RestartKind.PERMANENT, RestartKind.TRANSIENT, RestartKind.TEMPORARY
ONE, ALL, REST, SIMPLE = (
    Estrategia.ONE_FOR_ONE,
    Estrategia.ONE_FOR_ALL,
    Estrategia.REST_FOR_ONE,
    Estrategia.SIMPLE_ONE_FOR_ONE,
)
IGNORE, HANG = object(), object()


def child(name, restart=PERMANENT, **options):
    return ChildSpec(name, restart, **options)


@dataclass
class World:
    """`starts` says how the next starts of a child go: IGNORE, HANG, a Why to fail with; else it starts.

    Children in `deaf` do not end when asked. `story` is what happened, in order.
    """

    flags: Flags
    specs: tuple
    starts: dict = field(default_factory=dict)
    deaf: set = field(default_factory=set)
    story: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    reports: list = field(default_factory=list)
    now: float = 0.0
    ended: Why | None = None
    paused: bool = False

    def __post_init__(self):
        self.state = initial(self.flags, tuple(self.specs))
        self.inbox = deque()
        self.timers = []
        self.names = {}  # ref -> name, of all that ever ran
        self.alive = {}  # ref -> name, in the order of starting
        self.gone = {}  # ref -> why
        self.hung = {}  # key -> name
        self.arguments = {}  # ref -> what it was started with
        self.next_ref = 1

    # -- what a test does ---------------------------------------------------------------------------------

    def start(self):
        self.hear(Start())
        return self

    def hear(self, event: Event):
        self.inbox.append(event)
        if not self.paused:
            self.run()

    def run(self):
        self.paused = False
        turns = 0
        while self.inbox:
            turns += 1
            assert turns < 100_000, "it never comes to rest"
            self.turn()

    def turn(self):
        """Take one event in."""
        transition = step(self.state, self.inbox.popleft(), self.now)
        self.state = transition.state
        for effect in transition.effects:
            self.act(effect)

    def ask(self, request):
        self.hear(Asked(len(self.answers), request))
        return self.answers[-1] if self.answers else None

    def start_child(self, spec=None, *arguments):
        return self.ask(StartChild(spec, arguments))

    def terminate(self, name):
        return self.ask(TerminateChild(name))

    def restart(self, name):
        return self.ask(RestartChild(name))

    def delete(self, name):
        return self.ask(DeleteChild(name))

    def children(self):
        return self.ask(ListChildren()).value

    def count(self):
        return self.ask(CountChildren()).value

    def replace(self, flags, *specs):
        return self.ask(Replace(flags, specs))

    def ref(self, name):
        """Return the youngest that runs as `name`."""
        return next(ref for ref in reversed(self.alive) if self.alive[ref] == name)

    def exit(self, name, why=CRASH):
        """Let a child end by itself."""
        ref = name if isinstance(name, int) else self.ref(name)
        self.story.append(f"{self.alive.pop(ref)} ends: {why.exit}")
        self.gone[ref] = why
        self.hear(ChildExited(ref, why))

    def unlink(self, name):
        """Let a child end so that the supervisor does not hear of it."""
        ref = self.ref(name)
        self.gone[ref] = CRASH
        del self.alive[ref]

    def wait(self, seconds):
        """Let time go by."""
        until = self.now + seconds
        while self.timers and min(self.timers)[0] <= until:
            due = min(self.timers)
            self.timers.remove(due)
            self.now = due[0]
            self.hear(TimeUp(due[1]))
        self.now = until

    def stop(self, why=SHUTDOWN):
        self.hear(Stop(why))
        return self

    def told(self):
        """Return the story since the last time."""
        story, self.story = self.story, []
        return story

    def running(self):
        return list(self.alive.values())

    # -- what the supervisor has done -----------------------------------------------------------------------

    def act(self, effect):
        match effect:
            case Launch():
                self.launch(effect)
            case AskToStop(ref):
                self.end(ref, SHUTDOWN, "asked to stop", is_deaf=self.names[ref] in self.deaf)
            case Kill(ref):
                self.end(ref, KILLED, "killed")
            case Cancel(key):
                self.give_up(key)
            case SetTimer(ref, seconds):
                self.timers.append((self.now + seconds, ref))
            case Retry(key):
                self.inbox.append(TryAgain(key))
            case _:
                self.note(effect)

    def note(self, effect):
        match effect:
            case Reply(_, answer):
                self.answers.append(answer)
            case Report(what, name, _):
                self.reports.append((what, name))
            case Ready():
                self.story.append("ready")
            case End(why):
                self.ended = why
                self.story.append(f"ended: {why.exit}")

    def give_up(self, key):
        if key in self.hung:  # else its answer is on its way
            self.story.append(f"{self.hung.pop(key)}'s start is given up")
            self.inbox.append(ChildFailed(key, "given up"))

    def launch(self, effect):
        name = effect.spec.name
        script = self.starts.get(name, [])
        outcome = script.pop(0) if script else None
        if outcome is HANG:
            self.hung[effect.key] = name
            self.story.append(f"{name} hangs")
        elif outcome is IGNORE:
            self.story.append(f"{name} ignores")
            self.inbox.append(ChildIgnored(effect.key))
        elif outcome is not None:
            self.story.append(f"{name} fails")
            self.inbox.append(ChildFailed(effect.key, outcome))
        else:
            self.story.append(f"{name} starts")
            self.inbox.append(ChildStarted(effect.key, self.born(name, effect.arguments)))

    def born(self, name, arguments=()):
        ref, self.next_ref = self.next_ref, self.next_ref + 1
        self.alive[ref] = self.names[ref] = name
        self.arguments[ref] = arguments
        return ref

    def come(self, name):
        """Let a hanging start succeed."""
        key = next(key for key, hung in self.hung.items() if hung == name)
        del self.hung[key]
        self.hear(ChildStarted(key, self.born(name)))

    def end(self, ref, why, words, *, is_deaf=False):
        if ref in self.gone:
            self.inbox.append(ChildExited(ref, self.gone[ref]))
            return
        self.story.append(f"{self.names[ref]} {words}")
        if not is_deaf:
            self.gone[ref] = why
            del self.alive[ref]
            self.inbox.append(ChildExited(ref, why))


def world(*specs, strategy=ONE, max_restarts=5, window=60.0, auto_shutdown="never", **options):
    return World(Flags(strategy, max_restarts, window, AutoShutdown(auto_shutdown)), specs, **options)
