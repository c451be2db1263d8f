"""A reader of Terraform's JSON, written from its documentation and sharing nothing with the writer.

https://developer.hashicorp.com/terraform/language/syntax/json: which blocks there are, with which labels, which
arguments are literal, and how a string is a template everywhere else. `read` returns what it found, or raises.
"""

import re
from dataclasses import dataclass, field

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
LABELS = {
    "resource": 2,
    "data": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
LITERAL = {
    "variable": {"type", "default", "description", "sensitive", "nullable"},
    "output": {"description", "sensitive", "depends_on"},
    "module": {"source", "version", "providers", "depends_on"},
    "provider": {"alias", "version"},
    "resource": {"depends_on", "provider"},
    "data": {"depends_on", "provider"},
    "terraform": {"required_providers", "backend", "required_version"},
    "locals": set(),
}
ADDRESS = re.compile(r"(?:data\.)?[A-Za-z]\w*\.[A-Za-z_][\w-]*\Z|(?:var|local|module)\.[A-Za-z_][\w-]*\Z")


class NotTerraform(Exception):
    pass


@dataclass
class Found:
    blocks: dict[tuple[str, ...], dict] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)


def parts(text):
    """Cut a template into ("text", …) and ("expr", …); a directive `%{` is refused: none is ever written."""
    at, plain = 0, ""
    while at < len(text):
        if text.startswith(("$${", "%%{"), at):
            plain, at = plain + text[at + 1 : at + 3], at + 3
        elif text.startswith("${", at):
            if plain:
                yield "text", plain
            end = _closing(text, at + 2)
            yield "expr", text[at + 2 : end]
            plain, at = "", end + 1
        elif text.startswith("%{", at):
            raise NotTerraform(f"a directive in {text!r}")
        else:
            plain, at = plain + text[at], at + 1
    if plain or not text:
        yield "text", plain


def _closing(text, at):
    depth, is_quoted = 0, False
    while at < len(text):
        here = text[at]
        if is_quoted:
            at += here == "\\"
            is_quoted = here != '"'
        elif here == '"':
            is_quoted = True
        elif here == "}" and not depth:
            return at
        else:
            depth += (here == "{") - (here == "}")
        at += 1
    raise NotTerraform(f"an expression without its end in {text!r}")


def evaluated(value):
    """What an expression without references evaluates to: templates of text alone, and `${"$"}`."""
    if isinstance(value, str):
        return "".join(
            part if kind == "text" else {'"$"': "$"}.get(part, f"<{part}>") for kind, part in parts(value)
        )
    if isinstance(value, dict):
        return {evaluated(name): evaluated(each) for name, each in value.items()}
    return [evaluated(each) for each in value] if isinstance(value, list) else value


def read(document):
    found = Found()
    if not isinstance(document, dict) or document.keys() - LABELS:
        raise NotTerraform(f"unknown blocks: {document.keys() - LABELS.keys()}")
    for kind, data in document.items():
        for block in data if isinstance(data, list) else [data]:
            _labelled(kind, block, LABELS[kind], (kind,), found)
    return found


def _labelled(kind, data, labels, path, found):
    if not isinstance(data, dict):
        raise NotTerraform(f"{path} is not an object")
    if labels:
        for name, inner in data.items():
            if not IDENTIFIER.match(name):
                raise NotTerraform(f"{name!r} is no label")
            _labelled(kind, inner, labels - 1, (*path, name), found)
        return
    found.blocks[path] = data
    for name, value in data.items():
        if not IDENTIFIER.match(name):
            raise NotTerraform(f"{name!r} is no argument of {path}")
        if name == "depends_on":
            if not all(ADDRESS.match(each) for each in value):
                raise NotTerraform(f"{value} are no addresses")
        elif name not in LITERAL[kind]:
            _expression(value, found)


def _expression(value, found):
    if isinstance(value, str):
        for kind, part in parts(value):
            (found.texts if kind == "text" else found.expressions).append(part)
    elif isinstance(value, dict):
        for name, inner in value.items():
            list(parts(name))
            _expression(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _expression(inner, found)
    elif not isinstance(value, (bool, int, float, type(None))):
        raise NotTerraform(f"{value!r} is no JSON")
