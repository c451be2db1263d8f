"""What the formatter is made of: its choices, the spelling of atoms, and what stands on each line."""
