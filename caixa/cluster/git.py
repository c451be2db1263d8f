"""Git in a GitOps repository: its failures are this package's errors, and names and paths are guarded."""

from __future__ import annotations

from collections.abc import Sequence

from caixa.git import GitProcess

from .errors import GitMissing, GitOpsError, PathOutside, from_git

__all__ = ["Git"]

_FALLBACK_IDENTITY = {"user.name": "feira", "user.email": "feira@localhost"}


class Git(GitProcess):
    """Runs git in one directory."""

    def run(self, *arguments: str, settings: Sequence[str] = ()) -> str:
        """Return what `git ARGUMENTS` writes to its standard output.

        `settings` are `key=value` pairs of configuration for this command alone. Raises GitMissing, or what
        `errors.from_git` makes of a failure.
        """
        status, output, complaint = self.attempt(*arguments, settings=settings)
        if status != 0:
            raise from_git(arguments, status, complaint + output)
        return output

    def attempt(self, *arguments: str, settings: Sequence[str] = ()) -> tuple[int, str, str]:
        """Run `git ARGUMENTS`; return exit status, standard output and standard error. Raises GitMissing."""
        try:
            ended = self.execute(*arguments, settings=settings)
        except FileNotFoundError as error:
            raise GitMissing from error
        return ended.status, ended.output.decode("utf-8", "replace"), ended.complaint.decode("utf-8", "replace")

    def identity(self) -> list[str]:
        """Return the settings that name an author where the configuration does not (the environment wins)."""
        settings: list[str] = []
        for key, fallback in _FALLBACK_IDENTITY.items():
            status, value, _ = self.attempt("config", "--get", key)
            if status != 0 or not value.strip():
                settings.append(f"{key}={fallback}")
        return settings


def guard(name: str, what: str) -> str:
    """Return `name`, which git must not take for an option; raises GitOpsError when it would."""
    if not name or name.startswith("-") or any(ord(character) < 32 for character in name):
        raise GitOpsError(
            f"{name!r} is not the name of a {what}", fix=f"give a {what} that does not begin with a dash"
        )
    return name


def guard_path(path: str) -> str:
    """Return `path`, a relative POSIX path inside the repository; raises PathOutside for anything else."""
    parts = path.split("/")
    if not path or "\\" in path or "\0" in path or any(part in {"", ".", "..", ".git"} for part in parts):
        raise PathOutside(path)
    return path
