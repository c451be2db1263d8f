"""What a mesh decides on each call, as values: no clock is read here, nothing waits and nothing is random.

Each is a frozen value whose methods take the moment, in seconds of a monotonic clock, and return the next
value.
"""
