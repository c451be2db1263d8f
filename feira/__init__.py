"""The verbs: one function each, with typed arguments and result, and the command line over them."""
