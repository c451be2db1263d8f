"""tatara-lisp: reader, expander, compiler and run time. It knows nothing of caixas."""
