"""Events and packages for the laws of the session."""

from hypothesis import strategies as st

from caixa.manifest.package import Package
from caixa.session.events import CaixaPut, CellRun, ComponentPut, FilePut

NAMES = ("cart", "catalog", "payment")


def manifest(nome, versao="0.1.0", kind="Servico"):
    servico = f"servicos/{nome}.computeunit.yaml"
    return f'(defcaixa :nome "{nome}" :versao "{versao}" :kind {kind} :servicos ("{servico}"))\n'


def package(nome, versao="0.1.0", files=None):
    return Package.from_text(manifest(nome, versao), files or {})


names = st.sampled_from(NAMES)
versions = st.sampled_from(["0.1.0", "0.2.0", "1.0.0"])
paths = st.sampled_from(["lib/handlers.lisp", "wit/world.wit"])
data = st.binary(max_size=8)
puts = st.builds(lambda nome, versao: CaixaPut(package(nome, versao)), names, versions)
events = st.one_of(
    puts,
    st.builds(FilePut, names, paths, data),
    st.builds(ComponentPut, names, data),
    st.builds(CellRun, st.just("cell 1"), st.text(max_size=8)),
)


@st.composite
def histories(draw):
    """A list of events in which every file and component has its caixa."""
    known, history = set(), []
    for event in draw(st.lists(events, max_size=12)):
        if isinstance(event, CaixaPut):
            known.add(event.package.nome)
        elif isinstance(event, (FilePut, ComponentPut)) and event.nome not in known:
            continue
        history.append(event)
    return history
