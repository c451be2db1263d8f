"""The table of verbs: every name, flag and word of `feira` and `%caixa`, said once."""

from __future__ import annotations

from collections.abc import Sequence

import click

from .declaration import Call, Face, Param, Verb, argument, flag, names, option, owner, subject, subjects

__all__ = ["GROUPS", "SHARED", "VERBS"]

TARGETS = ("all", "computeunit", "helm", "flux", "mesh", "image", "workflow")
INFRASTRUCTURE_FORMS = ("json", "hcl", "pangea")
GRAPH_FORMS = ("text", "dot", "svg")
KINDS = ("Biblioteca", "Binario", "Servico", "Supervisor", "Aplicacao")


def _clusters(context: click.Context) -> list[str]:
    from .targets import cluster_names  # noqa: PLC0415 - only completion of --cluster asks

    call: Call = context.obj
    return cluster_names(call.workspace, context.params.get("repository"))


def _codes(_context: click.Context) -> list[str]:
    from .verbs.explain import codes  # noqa: PLC0415 - only completion of a code asks

    return codes()


def _kinds(_context: click.Context) -> list[str]:
    from .verbs.crds import kinds  # noqa: PLC0415 - only completion of a kind asks

    return kinds()


def _topics(_context: click.Context) -> list[str]:
    from caixa.manifest.slots import SLOTS  # noqa: PLC0415 - only completion of a topic asks

    return [*(verb.name for verb in VERBS), *(f":{slot.keyword}" for slot in SLOTS)]


def _definitions(context: click.Context) -> Sequence[str]:
    """Return the definitions of the package; in a notebook, where a name may be one's, the caixas."""
    call: Call = context.obj
    if call.face is Face.MAGIC:
        return names(context)
    from .addresses import addresses_of  # noqa: PLC0415 - only completion of a name asks

    found = addresses_of(call.workspace, context.params.get("subject"))
    return sorted({name for each in found.values() for name in each.program.definitions})


def _dependencies(context: click.Context) -> list[str]:
    call: Call = context.obj
    caixa = call.workspace.package(context.params.get("subject")).caixa
    return sorted({dep.nome for dep in (*caixa.deps, *caixa.deps_dev)})


def _locked(context: click.Context) -> list[str]:
    from .verbs.tree import tree  # noqa: PLC0415 - only completion of a name asks

    call: Call = context.obj
    return sorted(tree(call.workspace, context.params.get("subject")).packages)


MEMBERS = option(
    "--members",
    multiple=True,
    metavar="DIR",
    face=Face.TERMINAL,
    text="A package, or a folder of packages, in which to find members. May be given again.",
)
GRAPH_AS = option(
    "--as", "form", choices=GRAPH_FORMS, default="text", text="What to draw it as. [default: text]"
)
PICTURE_AS = option(
    "--format",
    "--as",
    "form",
    choices=("text", "mermaid", "dot", "svg", "html", "json"),
    default="text",
    text="What to draw it as. [default: text]",
)
GATEWAY_API = option(
    "--gateway-api",
    choices=("experimental", "standard"),
    default="experimental",
    text="The Gateway API channel of the cluster; `retry` needs the experimental one. [default: experimental]",
)
NAMESPACE = option(
    "--namespace", metavar="NS", default="tatara-system", text="Where it runs. [default: tatara-system]"
)
ISSUER = option(
    "--issuer", metavar="NAME", text="The cluster issuer of cert-manager for the certificate of an entrance."
)
DEPLOY: tuple[Param, ...] = (
    subject,
    option("--cluster", required=True, metavar="C", complete=_clusters, text="The cluster to deploy to."),
    option(
        "--k8s-repo",
        "repository",
        metavar="DIR",
        text="The GitOps repository. [default: $PLEME_K8S_REPO]",
    ),
    option("--programs-yaml", metavar="REL", text="The release to edit. [default: that of the cluster]"),
    GATEWAY_API,
    NAMESPACE,
    ISSUER,
    flag("--dry-run", text="Show the diff and write nothing (the default)."),
    flag("--commit", text="Show the diff, write and commit."),
    flag("--apply", text="Show the diff, write, commit and push."),
    MEMBERS,
)
INFRASTRUCTURE: tuple[Param, ...] = (
    subject,
    option("--out", metavar="DIR", text="Where main.tf.json and the state are. [default: .caixa/tofu]"),
    option(
        "--provider",
        "providers",
        multiple=True,
        metavar="NAME=SOURCE@VERSION",
        text="A provider to ask for; may be given again.",
    ),
    option(
        "--provider-config",
        "provider_configs",
        multiple=True,
        metavar="JSON",
        text="The configuration of the --provider at the same place. [default: {}]",
    ),
    option(
        "--schema",
        "schemas",
        multiple=True,
        metavar="FILE",
        text="What `terraform providers schema -json` wrote, to check types against; may be given again.",
    ),
    flag("--strict", text="Refuse an architecture for any violation, not for those of safety alone."),
)
TOFU: tuple[Param, ...] = (
    *INFRASTRUCTURE,
    option("--bin", "program", metavar="B", text="The program. [default: tofu, else terraform]"),
    argument("words", metavar="[-- ARGUMENT...]", nargs=-1, required=False),
)
SHARED = (
    flag("--json", text="Answer as JSON."),
    flag("--no-color", text="Answer without colours.", face=Face.TERMINAL),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "init",
        "Make a new package in a directory of its own.",
        "init:init",
        (
            argument("nome", metavar="NAME"),
            option("--kind", choices=KINDS, default="Biblioteca", text="What it is. [default: Biblioteca]"),
            option("--path", metavar="DIR", text="Where. [default: ./NAME]"),
        ),
        ("init hello-rio --kind Servico",),
    ),
    Verb(
        "import",
        "Make a caixa of a folder of Lisp sources, or of a package in an older notation: the plan first.",
        "import_:import_package",
        (
            argument("directory", metavar="DIR"),
            option("--to", metavar="DIR", text="Make the package there, and leave the folder as it is."),
            flag("--write", text="Carry the plan out."),
        ),
        ("import ../older", "import ../older --to cart --write"),
    ),
    Verb(
        "build",
        "Check the layout, read and compile every source, and give the digest.",
        "build:build",
        (subject,),
    ),
    Verb("validate", "List every problem of the manifest, each at its place.", "validate:validate", (subject,)),
    Verb(
        "lint",
        "Check manifests and code against the rules of style, names, calls and packages.",
        "lint:lint",
        (
            subject,
            argument("files", metavar="[PATH]...", nargs=-1, required=False, face=Face.TERMINAL),
            flag("--errors-only", text="Leave out warnings and notes."),
            flag("--strict", text="Check the invariants of a repository too."),
            flag("--fix", text="Apply the safe fixes, and lay out what they change."),
            flag("--fix-unsafe", text="Apply those too that may change what is meant."),
            flag("--fix-dry-run", text="Show what --fix would change."),
        ),
    ),
    Verb(
        "fmt",
        "Lay out Lisp texts in canonical form, keeping every comment.",
        "fmt:fmt",
        (
            subject,
            argument("files", metavar="[PATH]...", nargs=-1, required=False, face=Face.TERMINAL),
            flag("--check", text="Write nothing; list the files that would change, and fail if there are any."),
            flag("--stdout", text="Write nothing; print the files that would change.", face=Face.TERMINAL),
            flag("--write", text="Put the result in the place of the source.", face=Face.MAGIC),
            option(
                "--line-width",
                metavar="N",
                type=click.IntRange(1, 10_000),
                text="The width of a line. [default: that of .caixa-fmt.lisp, else 100]",
            ),
        ),
        ("fmt --check",),
    ),
    Verb(
        "show", "Describe a package: what it is, its parts, its digest, its verdicts.", "show:show", (subject,)
    ),
    Verb(
        "list",
        "List the packages there are.",
        "listing:list_packages",
        (option("--path", "directory", metavar="DIR", text="Where. [default: .]", face=Face.TERMINAL),),
    ),
    Verb(
        "render",
        "Show the manifests that a package becomes.",
        "render:render",
        (
            subject,
            option("--as", "target", choices=TARGETS, default="all", text="Which manifests. [default: all]"),
            GATEWAY_API,
            NAMESPACE,
            ISSUER,
            flag("--accept", text="Write the proposed ComputeUnit into the package."),
            MEMBERS,
        ),
    ),
    Verb(
        "chart",
        "Write the Helm chart of a Servico.",
        "chart:chart",
        (
            subject,
            option("--out", metavar="DIR", default=".caixa/chart", text="Where. [default: .caixa/chart]"),
            flag("--package", text="Let Helm pack it, with what it stands on, into a .tgz beside it."),
        ),
    ),
    Verb(
        "charts",
        "Write the charts that come with feira: of one unit, of a fleet, of what runs them.",
        "charts:charts",
        (option("--out", metavar="DIR", default="charts", text="Where. [default: charts]"),),
    ),
    Verb(
        "image",
        "Write the OCI image of a Servico as a layout directory; no registry is needed.",
        "image:image",
        (
            subject,
            option("--component", metavar="FILE", text="The module. [default: that of the package]"),
            option("--out", metavar="DIR", default=".caixa/image", text="Where. [default: .caixa/image]"),
        ),
        ("image --component target/hello.wasm",),
    ),
    Verb("workflow", "Write the GitHub workflow of a Servico.", "workflow:workflow", (subject,)),
    Verb(
        "nix",
        "Write the flake.nix of a package, or the one that its flake.lisp asks for.",
        "nix:nix",
        (subject, flag("--stdout", text="Write nothing; print it.")),
    ),
    Verb(
        "prove",
        "Show what is proved of a package, refuted, or not checked, each with its evidence.",
        "prove:prove",
        (
            subject,
            GATEWAY_API,
            option("--check", metavar="FILE", text="Judge proofs again that `prove --json` wrote."),
            MEMBERS,
        ),
        ("prove", "prove --json", "prove --check proofs.json"),
    ),
    Verb(
        "crds",
        "Print the definitions of our kinds of objects, for kubectl apply -f -.",
        "crds:crds",
        (argument("kind", metavar="[KIND]", required=False, complete=_kinds),),
        ("crds", "crds ComputeUnit"),
    ),
    Verb(
        "diff",
        "Show what changed, form by form and object by object; in a notebook between two steps, too.",
        "diff:diff",
        (subjects, flag("--rendered", text="Compare only the objects that a cluster would have."), MEMBERS),
        ("diff HEAD~1 --rendered", "diff HEAD~1:caixa.lisp caixa.lisp"),
    ),
    Verb("log", "List what happened in the session, step by step.", "log:log", face=Face.MAGIC),
    Verb(
        "at",
        "Show what the session was at a step, or with --restore make it that again.",
        "at:at",
        (
            argument("moment", metavar="STEP"),
            flag("--restore", text="Go there, as a new step, which undo takes back."),
        ),
        ("at #3", "at 3fa9c1d2 --restore"),
        Face.MAGIC,
    ),
    Verb("undo", "Take back the last change, as a new step.", "at:undo", face=Face.MAGIC),
    Verb("redo", "Make the change that was undone last again.", "at:redo", face=Face.MAGIC),
    Verb(
        "export",
        "Write the log of the session to a file that `feira replay` reads.",
        "export:export",
        (argument("file", metavar="FILE"),),
        face=Face.MAGIC,
    ),
    Verb(
        "replay",
        "Verify an exported log, and show the digests that it leads to.",
        "export:replay",
        (
            argument("file", metavar="FILE"),
            flag("--run", text="Run its Lisp cells again and compare: they do again what they did."),
        ),
        ("replay session.jsonl", "replay session.jsonl --run"),
    ),
    Verb(
        "record",
        "Write the cells that made the session, with their outputs, as a notebook that nbval checks.",
        "record:record",
        (argument("file", metavar="FILE.ipynb"),),
        face=Face.MAGIC,
    ),
    Verb(
        "graph",
        "Draw a mesh, a tree of supervision, what a package needs, or the layers of a deploy.",
        "graph:graph",
        (
            subject,
            option(
                "--kind",
                choices=("mesh", "tree", "closure", "layers"),
                text="Which graph. [default: the mesh or the tree that it is]",
            ),
            PICTURE_AS,
            option(
                "--most",
                metavar="N",
                type=click.IntRange(2, 10_000),
                text="Fold a picture of more nodes than these. [default: 60]",
            ),
            MEMBERS,
        ),
        ("graph --format svg", "graph --kind layers --format html"),
    ),
    Verb(
        "deploy",
        "Put a package into a cluster's GitOps repository: the diff first.",
        "deploy:deploy",
        DEPLOY,
        ("deploy --cluster rio --dry-run", "deploy --cluster rio --apply"),
    ),
    Verb(
        "tofu render",
        "Check the infrastructure of a package, and write it as Terraform's JSON.",
        "tofu:render",
        (
            *INFRASTRUCTURE,
            option(
                "--as",
                "form",
                choices=INFRASTRUCTURE_FORMS,
                default="json",
                text="What to render it as; the others are printed. [default: json]",
            ),
            flag("--stdout", text="Write nothing; print it."),
        ),
        ("tofu render --provider aws=hashicorp/aws@~>5.0",),
    ),
    Verb(
        "tofu plan",
        "Show what would be made, changed and destroyed, and keep it as a plan.",
        "tofu:plan",
        TOFU,
        ("tofu plan -- -var=region=eu",),
    ),
    Verb(
        "tofu apply",
        "Show the plan, and with --yes carry it out.",
        "tofu:apply",
        (
            *TOFU,
            option("--plan", metavar="FILE", text="Carry out this plan, which tofu plan has written."),
            flag("--yes", text="Carry out the plan that is shown."),
        ),
        ("tofu apply --yes", "tofu apply --plan .caixa/tofu/plan.tfplan"),
    ),
    Verb(
        "tofu destroy",
        "Show what would be destroyed, ask, and destroy it.",
        "tofu:destroy",
        (*TOFU, flag("--yes", text="Do not ask.")),
    ),
    Verb(
        "tofu forge",
        "Write a provider's types as forms to check declarations against, or as a provider in Go.",
        "forge:forge",
        (
            argument("file", metavar="FILE"),
            option("--provider", metavar="NAME", text="Which provider, where the schema has several."),
            option("--out", metavar="DIR", text="Where. [default: .caixa/forge/NAME]"),
            option("--as", "form", choices=("lisp", "go"), default="lisp", text="As what. [default: lisp]"),
        ),
        ("tofu forge schema.json --out infra",),
    ),
    Verb(
        "hash",
        "Explain the digest of a package or a definition, down to the natives.",
        "hash:explain_digest",
        (
            option("--path", "subject", metavar="DIR", text="The package. [default: .]", face=Face.TERMINAL),
            argument("target", metavar="[NAME]", required=False, complete=_definitions),
            GRAPH_AS,
        ),
        ("hash", "hash total", "hash total --as svg"),
    ),
    Verb(
        "same",
        "Say whether two definitions mean the same, and if not, where they part.",
        "same:same",
        (
            argument("first", metavar="NAME", complete=_definitions),
            argument("second", metavar="NAME", complete=_definitions),
        ),
        ("same total sum-of-prices", "same total other-caixa#total"),
    ),
    Verb("app graph", "Draw the mesh of an Aplicacao.", "graph:app_graph", (subject, PICTURE_AS)),
    Verb(
        "app deploy",
        "Put a mesh into a cluster's GitOps repository: the diff first.",
        "deploy:app_deploy",
        DEPLOY,
    ),
    Verb(
        "run",
        "Run a function of a Servico's component, under its limits, or a program of a Binario.",
        "run:run",
        (
            subject,
            argument("function", metavar="[FUNCTION|PROGRAM]", required=False),
            argument("words", metavar="[ARGUMENT]...", nargs=-1, required=False),
            option("--component", metavar="FILE", text="The component. [default: .caixa/component.wasm]"),
        ),
        ("run add 2 3", "run report -- --since 2026"),
        in_notebook=("run hello-rio add 2 3", "run tools report -- --since 2026"),
    ),
    Verb(
        "load",
        "Give a Servico its component, from a file.",
        "load:load",
        (subject, argument("file", metavar="FILE")),
    ),
    Verb(
        "add",
        "Add a dependency to caixa.lisp.",
        "add:add",
        (
            argument("nome", metavar="NAME"),
            owner,
            option("--versao", metavar="REQ", default="*", text="Which versions will do. [default: *]"),
            flag("--dev", text="Add it to :deps-dev."),
            option("--git", metavar="URL", text="Its repository: a URL, or github:owner/name."),
            option("--tag", metavar="TAG", text="Pin it to a tag."),
            option("--rev", metavar="REV", text="Pin it to a commit."),
            option("--branch", metavar="BRANCH", text="Follow a branch."),
            option("--caminho", metavar="DIR", text="Its directory, relative to the package."),
            flag("--opcional", text="It may be missing."),
            option("--caracteristica", metavar="NAME", multiple=True, text="A feature; may be given again."),
        ),
        ('add caixa-teia --versao "^0.1"', "add tools --git github:o/tools --tag v1.0.0"),
    ),
    Verb(
        "remove",
        "Remove a dependency from caixa.lisp.",
        "remove:remove",
        (argument("nome", metavar="NAME", complete=_dependencies), owner),
    ),
    Verb(
        "lock",
        "Bring lacre.lisp up to date with :deps; of that, what is locked stays.",
        "lock:lock",
        (subject, flag("--dry-run", text="Show it and write nothing.")),
    ),
    Verb(
        "resolve",
        "Find a version for every dependency, and lock them.",
        "resolve:resolve",
        (
            subject,
            flag("--dev", text="Take development dependencies too."),
            flag("--dry-run", text="Show the lock and write nothing."),
            option(
                "--default-host", metavar="H", text="Where dependencies without a source are, as github:org."
            ),
            flag("--offline", text="Fetch nothing."),
            option(
                "--update",
                metavar="[NAME]",
                is_flag=False,
                flag_value="*",
                text="Choose a package anew, or all of them.",
            ),
        ),
        ("resolve --offline", "resolve --update caixa-teia"),
    ),
    Verb(
        "update",
        "Take the highest versions of some dependencies, or of all.",
        "update:update",
        (
            argument("names", metavar="[NAME]...", nargs=-1, required=False, complete=_locked),
            owner,
            flag("--dev", text="Take development dependencies too."),
            flag("--dry-run", text="Show the lock and write nothing."),
        ),
    ),
    Verb("tree", "Draw what a package needs, as it is locked.", "tree:tree", (subject,)),
    Verb(
        "why",
        "Show the ways by which a package comes to be needed.",
        "why:why",
        (argument("nome", metavar="NAME", complete=_locked), owner),
    ),
    Verb(
        "publish",
        "Tag this version, and push the tag.",
        "publish:publish",
        (
            subject,
            option("--versao", metavar="V", text="The version. [default: that of the manifest]"),
            option("--prefix", metavar="P", default="v", text="What stands before it in the tag. [default: v]"),
            option("--remote", metavar="R", default="origin", text="Where to push. [default: origin]"),
            flag("--no-push", text="Tag only."),
        ),
    ),
    Verb(
        "save",
        "Write a package as files.",
        "save:save",
        (
            option(
                "--path",
                "subject",
                metavar="DIR",
                text="The package's directory. [default: .]",
                face=Face.TERMINAL,
            ),
            argument("directory", metavar="DIR", face=Face.TERMINAL),
            argument("where", metavar="[NAME] DIR", nargs=-1, complete=names, face=Face.MAGIC),
        ),
    ),
    Verb(
        "open", "Read a package from a directory.", "open:open_package", (argument("directory", metavar="DIR"),)
    ),
    Verb(
        "explain",
        "Explain the code of a finding or an error, with examples; list them all without one.",
        "explain:explain",
        (argument("code", metavar="[CODE]", required=False, complete=_codes),),
        ("explain contrato-cycle",),
    ),
    Verb(
        "help",
        "Explain a verb or a slot.",
        "help:explain",
        (argument("topic", metavar="[TOPIC]...", nargs=-1, required=False, complete=_topics),),
        ("help deploy", "help :limits"),
    ),
)
GROUPS = {
    "app": "The mesh of an Aplicacao.",
    "tofu": "The infrastructure of a package, by OpenTofu or Terraform.",
}
