"""Why a supervisor refuses a request: the words of OTP."""

from enum import StrEnum

__all__ = ["Problem"]


class Problem(StrEnum):
    """Why a request is refused; the words are OTP's."""

    ALREADY_STARTED = "already started"
    ALREADY_PRESENT = "already present"
    NOT_FOUND = "not found"
    RUNNING = "running"
    RESTARTING = "restarting"
    SIMPLE_ONE_FOR_ONE = "not under SimpleOneForOne"
    FAULTY = "faulty specification"
    NOT_STARTED = "the child did not start"
    GONE = "the supervisor is ending"
