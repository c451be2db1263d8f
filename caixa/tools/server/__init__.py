"""The language server: what an editor asks about tatara-lisp and manifests, answered over stdio.

The core is pure: `pieces` reads a text with its errors mended, `facts` says what each form at the top defines
and mentions, `index` puts them together, `project` joins files; every request is a function of these. Only
`session` keeps what is open, and only `features`, `protocol` and `main` know the wire.
"""
