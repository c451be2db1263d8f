"""The language on a machine of its own: a bytecode machine in C, compiled to WebAssembly (docs/machine.md).

Nothing here runs WebAssembly: this package makes what the machine loads and understands what it answers. The
engine process, or a test, instantiates `machine.wasm` and lends its memory and exports (`program.Engine`).
"""
