"""What a component asks for is told with its types, as what it offers is."""

CALLER = """(component
  (import "log" (func (param "line" string)))
  (import "acme:thing/go@0.1.0" (instance
    (export "f" (func (param "x" u32) (result u32)))
    (export "r" (type (sub resource))))))"""
HOLDER = """(component
  (import "acme:thing/go" (instance
    (export "r" (type $r (sub resource)))
    (export "open" (func (result (own $r)))))))"""


def test_an_imported_function_is_told_with_its_types(engine):
    info = engine.inspect(engine.wat(CALLER))
    assert [str(each) for each in info.asks] == [
        "log(line: string)",
        "acme:thing/go@0.1.0#f(x: u32) -> u32",
    ]
    assert all(each.is_plain for each in info.asks)


def test_a_function_that_passes_a_resource_is_told_to_be_no_plain_one(engine):
    (function,) = engine.inspect(engine.wat(HOLDER)).asks
    assert function.name == "acme:thing/go#open"
    assert not function.is_plain
