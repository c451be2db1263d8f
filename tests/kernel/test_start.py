"""A kernel starts with what its first cell needs, and nothing heavy that it does not."""

import subprocess
import sys

import pytest

HEAVY = [
    "IPython",
    "ipywidgets",
    "wasmtime",
    "kubernetes",
    "graphviz",
    "pygments",
    "hy",
    "click",
    "yaml",
    "jinja2",
]


def loaded(program):
    """Run `program` in a fresh Python and return the top-level packages it loaded."""
    ending = "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", program + ending]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("package", HEAVY)
def test_loading_the_kernel_and_its_notebook_loads_none_of_the_heavy_packages(package, loaded_by_a_kernel):
    assert package not in loaded_by_a_kernel


@pytest.fixture(scope="module")
def loaded_by_a_kernel():
    return loaded("import caixa_kernel.application, caixa_magics.notebook, caixa_magics.mime")


def test_ipython_can_still_be_imported_whole_afterwards():
    assert "IPython" in loaded(
        "import caixa_kernel.base\n"
        "import IPython, IPython.core.error\n"
        "assert IPython.get_ipython() is None and IPython.core.interactiveshell.InteractiveShell"
    )


def test_the_base_class_is_taken_as_it_is_where_ipython_is_already_loaded():
    loaded(
        "import IPython, ipykernel.kernelbase, caixa_kernel.base as base\n"
        "assert base.Kernel is ipykernel.kernelbase.Kernel\n"
        "import sys; assert sys.modules['IPython'] is IPython"
    )


def test_the_stack_may_grow_and_is_never_lowered():
    loaded(
        "import resource\n"
        "from caixa_kernel.stack import STACK_BYTES, raise_stack_limit\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_STACK)\n"
        "now = raise_stack_limit()\n"
        "assert now == resource.getrlimit(resource.RLIMIT_STACK)[0]\n"
        "assert now in (-1, soft, hard) or now == STACK_BYTES\n"
        "assert raise_stack_limit(1) == now"
    )
