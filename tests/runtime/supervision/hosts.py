"""A host whose children are entries of a dict, which start at once and end when they are told to."""

import threading
from itertools import count

from caixa.runtime.supervision.events import ChildExited, ChildFailed, ChildStarted, Exit, Why


class TableHost:
    """Children by name: those in `deaf` must be killed, `broken` ones do not start, `slow` ones hang."""

    def __init__(self, numbers=None):
        self.story, self.deaf, self.broken, self.slow = [], set(), set(), set()
        self.lock = threading.Lock()
        self.numbers = numbers or count(1)
        self.running = {}  # ref -> (name, tell)
        self.hanging = {}  # key -> tell

    def launch(self, key, spec, arguments, tell):
        if spec.name in self.broken:
            self.story.append(f"{spec.name} fails")
            tell(ChildFailed(key, "it is broken"))
        elif spec.name in self.slow:
            self.hanging[key] = tell
        else:
            ref = next(self.numbers)
            self.story.append(f"{spec.name} starts")
            self.running[ref] = (spec.name, tell)
            tell(ChildStarted(key, ref))

    def cancel(self, key):
        tell = self.hanging.pop(key, None)
        if tell is not None:
            tell(ChildFailed(key, "given up"))

    def ask_to_stop(self, ref, tell):
        name = self.running.get(ref, ("", None))[0]
        if name not in self.deaf:
            self.end(ref, Why(Exit.SHUTDOWN), tell, "stops")

    def kill(self, ref, tell):
        self.end(ref, Why(Exit.KILLED), tell, "is killed")

    def end(self, ref, why, tell, words):
        with self.lock:
            name, _ = self.running.pop(ref, (None, None))
        if name:
            self.story.append(f"{name} {words}")
        tell(ChildExited(ref, why))

    def crash(self, name):
        with self.lock:
            ref = next(ref for ref, (found, _) in self.running.items() if found == name)
            _, tell = self.running.pop(ref)
        self.story.append(f"{name} crashes")
        tell(ChildExited(ref, Why(Exit.ABNORMAL, "boom")))

    def names(self):
        return [name for name, _ in self.running.values()]
