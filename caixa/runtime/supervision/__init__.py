"""Supervisors as OTP has them: a pure state machine, and the driver that lets it act.

`machine.step(state, event)` gives the next state and the effects; it starts nothing, waits for nothing and
reads no clock. The driver brings it events and carries out effects. Source: Erlang/OTP, `supervisor(3)`.
"""
