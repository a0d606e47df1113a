"""What the code holds and what the reference says of it, both as plain sets of names."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

import config
import memories
import provenance
import tags
from provenance.errors import ProvenanceError

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
APPS = (config, provenance, tags, memories)
READERS = {"text", "secret", "flag", "number", "words", "path"}
# Django's own desk, and the demonstration's door, which exists only with DEMO=1.
NOT_OURS = {"admin"}


def rows_of(page: str) -> set[str]:
    """The names in the first column of every table of a reference page."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)`", text, re.MULTILINE))


def settings_read() -> set[str]:
    """Every variable that the settings and the demonstration read by name."""
    files = [ROOT / "config" / name for name in ("settings.py", "chips.py")]
    files += sorted((ROOT / "config" / "demo").rglob("*.py"))
    return {name for file in files for call in _calls(file) for name in _variable(call)}


def events_recorded() -> set[str]:
    return {
        str(call.args[0].value)
        for app in APPS
        for file in Path(str(app.__file__)).parent.rglob("*.py")
        for call in _calls(file)
        if _name(call) in {"record", "record_all"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def error_codes() -> set[str]:
    """The code of every error of ours, wherever in the apps it is declared."""
    for app in APPS:
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if not re.search(r"\.(migrations|demo)\b", module.name):
                importlib.import_module(module.name)
    names = tuple(f"{app.__name__}." for app in APPS)
    family: list[type[ProvenanceError]] = [ProvenanceError, *_descendants(ProvenanceError)]
    return {each.code for each in family if each.__module__.startswith(names)}


def commands() -> set[str]:
    """Every command of the site, `python -m` of ours, and target of the Makefile."""
    django = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    django |= {path.stem for path in ROOT.glob("config/*/management/commands/[a-z]*.py")}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE)
    return {
        *(f"manage.py {name}" for name in django),
        *(f"make {name}" for name in targets),
        *(f"python -m {name}" for name in runnable_modules()),
    }


def runnable_modules() -> set[str]:
    found = [path for folder in ("provenance", "tests", "bench") for path in _mains(folder)]
    return {"config.serve", *(".".join(path.parent.relative_to(ROOT).parts) for path in found)}


def routes() -> dict[str, str]:
    """Every named route of the site as the address a person reads, by its name."""
    return {name: route for name, route in _routes(get_resolver(), "", "") if name}


def _routes(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + _readable(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else "", "/" + route
        elif entry.namespace not in NOT_OURS:
            within = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _routes(entry, route, within)


def _readable(route: str) -> str:
    """`<slug:piece>` and `(?P<key>[-:\\w]+)` are <piece> and <key> to a person."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route.replace("\\Z", ""))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route).removeprefix("^").removesuffix("$")


def _calls(file: Path) -> Iterator[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _variable(call: ast.Call) -> list[str]:
    is_reader = isinstance(call.func, ast.Attribute) and (
        (call.func.attr in READERS and _owner(call.func) == "env")
        or (call.func.attr == "get" and _owner(call.func) == "environ")
    )
    names = [each for each in call.args[:1] if isinstance(each, ast.Constant | ast.JoinedStr)]
    return [_named(each) for each in names] if is_reader else []


def _named(name: ast.expr) -> str:
    """`f"TAGS_{profile}_QUERY"` is read as TAGS_<PROFILE>_QUERY."""
    parts = name.values if isinstance(name, ast.JoinedStr) else [name]
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"<{ast.unparse(part)}>".upper()
        for part in (p.value if isinstance(p, ast.FormattedValue) else p for p in parts)
    )


def _owner(attribute: ast.Attribute) -> str:
    owner = attribute.value
    return owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _descendants(error: type[ProvenanceError]) -> Iterator[type[ProvenanceError]]:
    for child in error.__subclasses__():
        yield child
        yield from _descendants(child)


def _mains(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("__main__.py"))
