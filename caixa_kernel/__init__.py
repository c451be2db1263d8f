"""The Jupyter kernel: protocol, threads, completion and inspection."""
