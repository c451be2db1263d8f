"""One module per verb: a function with typed arguments and a typed answer, the same for every face."""
