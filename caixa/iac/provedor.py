"""provedor: a provider's types as a Go package that compiles with the standard library alone (caixa.md 4.6).

Each type gets a model with typed fields, its schema, and the four operations over a transport, which is the one
thing that a provider of flesh and blood has to bring. Mended: Read, Update and Delete are there, so that the
assertion that a type is a Resource compiles; fields have the type of their schema and not all that of a text;
two names that would be one in Go are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Final

from .errors import NameCollision
from .golang import (
    GENERATED,
    Apply,
    Assign,
    Composite,
    Decl,
    Declare,
    Expr,
    File,
    Func,
    GoField,
    If,
    Name,
    Return,
    Stmt,
    Struct,
    Text,
    Var,
    go_name,
    print_go,
)
from .names import kebab, pascal
from .schema import (
    Collection,
    Container,
    Enumeration,
    Field,
    Mode,
    ObjectType,
    Primitive,
    ProviderSchema,
    Type,
    TypeSchema,
)

__all__ = ["provedor"]

_PRIMITIVES: Final = {
    Primitive.STRING: "string",
    Primitive.INTEGER: "int64",
    Primitive.FLOAT: "float64",
    Primitive.NUMERIC: "float64",
    Primitive.BOOLEAN: "bool",
    Primitive.ANY: "any",
}


def provedor(provider: ProviderSchema) -> dict[str, str]:
    """Return the files of a Go module that serves the resources of a provider. Raises NameCollision."""
    package = go_name(provider.name)
    runtime = files(__package__).joinpath("runtime.go.txt").read_text("utf-8")
    made = {
        "go.mod": f"// {GENERATED}\n\nmodule {package}\n\ngo 1.18\n",
        "runtime.go": runtime.replace("package provider", f"package {package}", 1),
    }
    taken: dict[str, str] = {}
    for schema in provider.resources.values():
        path = f"{kebab(schema.name).replace('-', '_')}_resource.go"
        for name in (path, pascal(schema.name)):
            _claim(name, schema.name, taken)
        made[path] = print_go(_resource_file(schema, package, taken))
    made["provider.go"] = print_go(_provider_file(provider, package))
    return made


def _claim(name: str, of: str, taken: dict[str, str]) -> None:
    if name in taken or name in _OF_RUNTIME:
        other = taken.get(name, "the run time of the package")
        raise NameCollision(
            f"{of} and {other} would both be {name} in Go",
            fix="Rename one of them in the provider.",
            name=name,
        )
    taken[name] = of


_OF_RUNTIME: Final = frozenset(
    {"Attribute", "Kind", "Resource", "Resources", "Schema", "Transport", "ErrNotFound"}
)


# -- a resource -------------------------------------------------------------------------------------------


def _resource_file(schema: TypeSchema, package: str, taken: dict[str, str]) -> File:
    name = pascal(schema.name)
    structs = list(_models(f"{name}Model", schema.fields, f"{name}Model holds a {schema.name}.", taken))
    decls: list[Decl] = [
        *structs,
        Struct(
            f"{name}Resource",
            f"{name}Resource makes, reads, changes and destroys it.",
            (GoField("transport", "Transport"),),
        ),
        Var(
            "_",
            f"A {name}Resource is a Resource.",
            f"Resource[{name}Model]",
            Apply(f"(*{name}Resource)", (Name("nil"),)),
        ),
        *_operations(name, schema),
    ]
    doc = (
        f"The resource {schema.name}."
        if not schema.description
        else f"The resource {schema.name}: {schema.description}"
    )
    return File(package, doc, ("context",), decls)


def _models(name: str, fields: Mapping[str, Field], doc: str, taken: dict[str, str]) -> Iterator[Struct]:
    """Yield the struct of some fields, then those of the objects within them."""
    _claim(name, doc.rpartition(" ")[2].rstrip("."), taken)
    made: dict[str, str] = {}
    inner: list[tuple[str, Field]] = []
    lines = []
    for field in fields.values():
        go_field = pascal(field.name)
        if go_field in made:
            message = f"the fields {made[go_field]} and {field.name} of {name} would both be {go_field} in Go"
            raise NameCollision(message, fix="Rename one of them in the provider.", name=go_field)
        made[go_field] = field.name
        lines.append(
            GoField(
                go_field,
                _type(field.type, f"{name}{go_field}", is_optional=not field.required),
                field.name + ",omitempty" if not field.required else field.name,
            )
        )
        if _object_in(field.type) is not None:
            inner.append((f"{name}{go_field}", field))
    yield Struct(name, doc, tuple(lines))
    for inner_name, field in inner:
        found = _object_in(field.type)
        assert found is not None
        yield from _models(inner_name, found.fields, f"{inner_name} is its {field.name}.", taken)


def _object_in(type_: Type) -> ObjectType | None:
    """Return the object that a type is, or is a collection of."""
    while isinstance(type_, Collection):
        type_ = type_.of
    return type_ if isinstance(type_, ObjectType) else None


def _type(type_: Type, name: str, *, is_optional: bool = False) -> str:
    """Return a type of Go; what may be absent is a pointer, unless nil says so already."""
    if isinstance(type_, Collection):
        head = "map[string]" if type_.container is Container.MAP else "[]"
        return head + _type(type_.of, name)
    if isinstance(type_, ObjectType):
        return f"*{name}" if is_optional else name
    plain = "string" if isinstance(type_, Enumeration) else _PRIMITIVES[type_]
    return f"*{plain}" if is_optional and plain != "any" else plain


_CONTEXT: Final = ("ctx", "context.Context")
_FAILED: Final = "err != nil"


def _operations(name: str, schema: TypeSchema) -> Sequence[Func]:
    receiver, model = ("r", f"*{name}Resource"), f"*{name}Model"
    type_ = Text(schema.name)
    give_up: tuple[Stmt, ...] = (Return((Name("nil"), Name("err"))),)

    def sent(call: str, *arguments: Expr) -> tuple[Stmt, ...]:
        """Return the body that encodes the model, sends it, and decodes the answer."""
        return (
            Assign(("state", "err"), Apply("encode", (Name("model"),))),
            If(_FAILED, give_up),
            Assign(
                ("state", "err"),
                Apply(f"r.transport.{call}", (Name("ctx"), type_, *arguments, Name("state"))),
                is_new=False,
            ),
            *decoded,
        )

    decoded: tuple[Stmt, ...] = (
        If(_FAILED, give_up),
        Declare("made", f"{name}Model"),
        If(_FAILED, give_up, Assign(("err",), Apply("decode", (Name("state"), Name("&made"))))),
        Return((Name("&made"), Name("nil"))),
    )
    read = (Assign(("state", "err"), Apply("r.transport.Read", (Name("ctx"), type_, Name("id")))), *decoded)
    return (
        Func(
            "Type",
            "Type returns the name by which declarations know it.",
            (),
            ("string",),
            (Return((type_,)),),
            receiver,
        ),
        Func(
            "Schema",
            "Schema returns what it has.",
            (),
            ("Schema",),
            (Return((_schema(schema.fields),)),),
            receiver,
        ),
        Func(
            "Create",
            "Create makes it and returns what it became.",
            (_CONTEXT, ("model", model)),
            (model, "error"),
            sent("Create"),
            receiver,
        ),
        Func(
            "Read",
            "Read returns what it is; ErrNotFound says that it is no more.",
            (_CONTEXT, ("id", "string")),
            (model, "error"),
            read,
            receiver,
        ),
        Func(
            "Update",
            "Update changes it and returns what it became.",
            (_CONTEXT, ("id", "string"), ("model", model)),
            (model, "error"),
            sent("Update", Name("id")),
            receiver,
        ),
        Func(
            "Delete",
            "Delete destroys it.",
            (_CONTEXT, ("id", "string")),
            ("error",),
            (Return((Apply("r.transport.Delete", (Name("ctx"), type_, Name("id"))),)),),
            receiver,
        ),
    )


def _schema(fields: Mapping[str, Field]) -> Composite:
    return Composite("Schema", items=tuple(map(_attribute, fields.values()))) if fields else Composite("Schema")


def _attribute(field: Field) -> Composite:
    """Return one line of a schema, with the flags that are set."""
    parts: list[tuple[str, Expr]] = [("Name", Text(field.name)), ("Type", Text(_shown(field.type)))]
    flags = (
        ("Required", field.required),
        ("Computed", field.computed),
        ("Sensitive", field.sensitive),
        ("Immutable", field.immutable),
    )
    parts += [(name, True) for name, is_set in flags if is_set]
    if field.description:
        parts.append(("Description", Text(field.description)))
    return Composite("", tuple(parts))


def _shown(type_: Type) -> str:
    if isinstance(type_, Collection):
        return f"{type_.container.value.lower()}({_shown(type_.of)})"
    if isinstance(type_, ObjectType):
        return "object"
    return "string" if isinstance(type_, Enumeration) else type_.value.lower()


# -- the provider -----------------------------------------------------------------------------------------


def _provider_file(provider: ProviderSchema, package: str) -> File:
    made = tuple(
        Composite(f"&{pascal(schema.name)}Resource", (("transport", Name("transport")),))
        for schema in provider.resources.values()
        if schema.mode is Mode.RESOURCE
    )
    resources = Func(
        "Resources",
        "Resources returns every resource of the provider, over one transport.",
        (("transport", "Transport"),),
        ("[]Kind",),
        (Return((Composite("[]Kind", items=made),)),),
    )
    return File(
        package, f"Package {package} serves the resources of the provider {provider.name}.", (), (resources,)
    )
