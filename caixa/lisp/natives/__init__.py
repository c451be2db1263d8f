"""The native functions, by topic; `NATIVES` in registry.py is the table of all of them."""
