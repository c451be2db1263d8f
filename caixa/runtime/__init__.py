"""Components run under real limits, in an engine process that the notebook outlives (DESIGN section 8).

`Engine` is the client; nothing here imports wasmtime but the modules of `engine_process`, which run over there.
"""
