"""Identity: digests, closures, the lock file, and the address of a package.

Nothing is imported here, and BLAKE3 only when a digest is first asked for.
"""
