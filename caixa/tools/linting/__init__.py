"""What the linter is made of: the checks by what they look at, its settings, and what silences it."""
