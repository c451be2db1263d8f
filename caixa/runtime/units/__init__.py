"""Units as actors: a mailbox each, one message at a time, OTP's six callbacks, links and monitors.

`system.UnitSystem` is the face. What a unit does is a `behaviour.Behaviour`: a wasm guest (`wasm.py`), one
for each message (`fresh.py`), or Lisp closures (`lisp.py`). `host.UnitHost` lets supervisors run them.
"""
