import pytest

from .client import Frontend


@pytest.fixture(scope="module")
def kernel():
    frontend = Frontend()
    yield frontend
    frontend.close()


@pytest.fixture
def own_kernel():
    """A kernel that the test may end."""
    frontend = Frontend()
    yield frontend
    frontend.close()
