"""Identity: digests, the lock file and the package digest."""
