"""The bytecode machine and what compiles to it."""
