"""The live session: an immutable value and its log of events."""
