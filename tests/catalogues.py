"""The catalogues of `locale`: what can be said, what is translated, and the compiled form of it.

`python -m tests.catalogues` takes new sentences into every catalogue, drops those that nobody
says any more, and compiles them, without gettext's own tools.
"""

import ast
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.utils.translation.template import templatize

from provenance import kinds
from provenance.bundle import HOW_TO_VERIFY
from provenance.jewelry_rules import rules_of
from provenance.jewelry_words import plural_of
from provenance.making_rules import for_people
from provenance.making_words import words_of
from provenance.policy import CURRENT_POLICY, policy_named
from tests.vocabulary import TERMS

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
LANGUAGES = ("fr", "de", "it")
APPS = ("provenance", "tags", "memories", "config")
# Their plain errors become reasons of checks.
ERRORS_OF = ("standing", "statuslist", "credentials", "keys")
ERRORS = ("BadProofError", "BadStatusListError")
PLURAL_FORMS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "it": "nplurals=2; plural=(n != 1);",
}
_CALLS = re.compile(r" (gettext|pgettext|ngettext)\((.*?)\) (?=[^)]|$)", re.DOTALL)


@dataclass(frozen=True, order=True)
class Message:
    """A sentence to translate: its context, its English, and its English plural, if it has one."""

    context: str
    text: str
    plural: str = ""

    @property
    def key(self) -> str:
        """As gettext names it in a compiled catalogue."""
        named = f"{self.context}\x04{self.text}" if self.context else self.text
        return f"{named}\0{self.plural}" if self.plural else named


@dataclass
class Catalogue:
    """A language's translations, one text or two for a sentence; `fuzzy` are only guesses."""

    language: str
    told: dict[Message, tuple[str, ...]] = field(default_factory=dict)
    fuzzy: set[Message] = field(default_factory=set)

    @property
    def file(self) -> Path:
        return LOCALE / self.language / "LC_MESSAGES" / "django.po"

    @property
    def header(self) -> str:
        lines = (
            f"Language: {self.language}",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: 8bit",
            f"Plural-Forms: {PLURAL_FORMS[self.language]}",
        )
        return "".join(f"{line}\n" for line in lines)


# -- what can be said ---------------------------------------------------------------------------


def sayable() -> set[Message]:
    """Every sentence of the pages that are translated."""
    found = (_in_code(), _in_errors(), _in_templates(), _of_kinds(), _typed(), _of_policy())
    return {message for each in found for message in each if message.text}


def calls_in_code() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `say` and `say_count`, with the file it stands in."""
    for path in _sources():
        yield from ((str(path.relative_to(ROOT)), call) for call in _calls(path))


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node) in ("say", "say_count"):
            yield node


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _sources() -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]


def _in_code() -> Iterator[Message]:
    for _, call in calls_in_code():
        texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
        yield Message("", *texts[: 2 if _name(call) == "say_count" else 1])


def _in_errors() -> Iterator[Message]:
    for name in ERRORS_OF:
        source = (ROOT / "provenance" / f"{name}.py").read_text(encoding="utf-8")
        raised = (node.exc for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise))
        for error in raised:
            if isinstance(error, ast.Call) and _name(error) in ERRORS:
                said = error.args[0]
                yield from [Message("error", said.value)] if isinstance(said, ast.Constant) else []


def _in_templates() -> Iterator[Message]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for name, arguments in _CALLS.findall(templatize(path.read_text(encoding="utf-8"))):
            texts = [ast.literal_eval(each) for each in _literals(arguments)]
            if name == "gettext":
                yield Message("", texts[0].replace("%%", "%"))
            elif name == "pgettext":
                yield Message(texts[0], texts[1])
            else:
                yield Message("", texts[0], texts[1])


def _literals(arguments: str) -> list[str]:
    return re.findall(r"""u(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", arguments)


def _of_kinds() -> Iterator[Message]:
    for noun in kinds.NOUNS:
        for pointing, place in kinds.POINTING:
            yield Message(place, f"{pointing} {noun}")


def _typed() -> Iterator[Message]:
    from provenance.models.piece import PhotographRole, PhotographSource

    for context, words in TERMS.items():
        yield from (Message(context, word) for word in words)
    yield from (Message("stones", plural_of(stone)) for stone in TERMS["stone"])
    yield from (Message("origin of several", origin) for origin in TERMS["origin"])
    pictures = {*PhotographRole.labels, *PhotographSource.labels}
    yield from (Message("picture", str(label)) for label in pictures)
    yield from (Message("how to verify", line.partition(" ")[2]) for line in HOW_TO_VERIFY)


def _of_policy() -> Iterator[Message]:
    policy, words = policy_named(CURRENT_POLICY), words_of(CURRENT_POLICY)
    claims = [each.claim for each in policy.operations]
    labels = (*policy.design_phrases.values(), *policy.base_phrases.values(), *claims)
    yield from (Message("label", each) for each in (*labels, policy.beside_base))
    yield from (Message("work", each) for each in policy.kinds.values())
    for kind in words.kinds.values():
        yield Message("done", kind.done)
        yield from (Message("title", each) for each in (kind.title, *kind.exact.values()))
        yield from (Message("how", each.removeprefix(", ")) for each in kind.how.values())
        yield Message("means", kind.means)
        yield Message("why", kind.because)
    hows = (*policy.control_words.values(), *words.how.values())
    yield from (Message("how", each.removeprefix(", ")) for each in hows)
    meanings = (words.families, words.design, words.base, words.operations, *words.grades.values())
    yield from (Message("means", text) for each in meanings for text in each.values())
    yield Message("means", words.beside_base)
    yield from _of_rules()
    yield from (Message("treatment", each.says) for each in rules_of().treatments.values())


def _of_rules() -> Iterator[Message]:
    policy = policy_named(CURRENT_POLICY)
    # Only what a page may tell of a step; the rest is told by its kind of work.
    for template in (policy.texts["M2.input"], policy.texts["M2.in_use"], policy.rules["D1"].says):
        yield Message("", for_people(template))
    alone = (policy.rules["M0"].says, policy.texts["X1.no_hand_form"])
    yield from (Message("why", each[:1].lower() + each[1:]) for each in alone)
    ignored = (policy.rules["A1"].says, policy.rules["A2"].says)
    late = (policy.texts["X2.after_issue"], policy.texts["X2.before_step"])
    yield from (Message("why", each) for each in (*ignored, *late))


# -- catalogues ---------------------------------------------------------------------------------


def read(language: str) -> Catalogue:
    """The catalogue of a language, as its .po file has it."""
    catalogue = Catalogue(language)
    if not catalogue.file.exists():
        return catalogue
    for block in catalogue.file.read_text(encoding="utf-8").split("\n\n"):
        entry = _entry(block)
        if not entry.get("msgid"):
            continue
        message = Message(entry.get("msgctxt", ""), entry["msgid"], entry.get("msgid_plural", ""))
        texts = [entry[name] for name in ("msgstr", "msgstr[0]", "msgstr[1]") if name in entry]
        catalogue.told[message] = tuple(texts)
        if re.search(r"^#,.*fuzzy", block, re.MULTILINE):
            catalogue.fuzzy.add(message)
    return catalogue


def _entry(block: str) -> dict[str, str]:
    entry: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if found := re.match(r'(msg[a-z_]+(?:\[\d\])?) (".*")$', line):
            name, text = found[1], found[2]
            entry[name] = ast.literal_eval(text)
        elif line.startswith('"'):
            entry[name] += ast.literal_eval(line)
    return entry


def written(catalogue: Catalogue) -> str:
    """The catalogue as a .po file, ordered by context and text."""
    blocks = [f'msgid ""\nmsgstr ""\n{"".join(map(_line, catalogue.header.splitlines(True)))}']
    for message in sorted(catalogue.told):
        lines = ["#, fuzzy"] if message in catalogue.fuzzy else []
        lines += [f"msgctxt {_quoted(message.context)}"] if message.context else []
        lines.append(f"msgid {_quoted(message.text)}")
        texts = catalogue.told[message]
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            lines += [f"msgstr[{n}] {_quoted(text)}" for n, text in enumerate(texts)]
        else:
            lines.append(f"msgstr {_quoted(texts[0])}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _line(text: str) -> str:
    return f"{_quoted(text)}\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compiled(catalogue: Catalogue) -> bytes:
    """The catalogue as a .mo file (GNU gettext manual, section 10.3), little-endian."""
    told = {message.key: "\0".join(texts) for message, texts in catalogue.told.items()}
    entries = sorted(({"": catalogue.header} | told).items(), key=lambda each: each[0].encode())
    names = [name.encode() for name, _ in entries]
    texts = [text.encode() for _, text in entries]
    start = 28 + 16 * len(entries)
    tables, heap = b"", b""
    for group in (names, texts):
        for each in group:
            tables += struct.pack("<II", len(each), start + len(heap))
            heap += each + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, start)
    return head + tables + heap


def main() -> None:
    """Bring every catalogue up to what can be said, and compile it."""
    wanted = sayable()
    for language in LANGUAGES:
        before = read(language)
        after = Catalogue(language, fuzzy=before.fuzzy & wanted)
        for message in wanted:
            empty = ("", "") if message.plural else ("",)
            after.told[message] = before.told.get(message, empty)
        after.file.parent.mkdir(parents=True, exist_ok=True)
        after.file.write_text(written(after), encoding="utf-8")
        after.file.with_suffix(".mo").write_bytes(compiled(after))
        open_ones = sum(1 for texts in after.told.values() if not all(texts))
        print(f"{language}: {len(wanted)} sentences, {open_ones} to translate")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
