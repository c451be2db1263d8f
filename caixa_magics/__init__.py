"""The verbs as magics, and how their results are shown."""
