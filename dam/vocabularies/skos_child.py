"""A process of its own that reads one SKOS file: `python -m dam.vocabularies.skos_child FORMAT < FILE`.

What it reads may be hostile: it has limits of memory and time, opens no file and no connection, and answers
with JSON, {"problem": "..."} or what skos.concepts_of makes.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rdflib import Graph
from rdflib.plugins.stores.memory import Memory

from dam.vocabularies.skos import concepts_of
from indexing.decoding.confine import confine

TRIPLES = 2_000_000
MEMORY = 3 * 1024**3
CPU_SECONDS = 300
NOWHERE = "http://relative.invalid/"
FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "ftplib.", "urllib.", "http.", "ctypes.")
CODE = (".py", ".pyc", ".so")
EXAMPLES = {
    "turtle": b"<a:a> <a:b> 'c'@en, 1, 'd'^^<http://www.w3.org/2001/XMLSchema#dateTime> .",
    "xml": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "json-ld": b'{"@id": "a:a", "a:b": {"@value": "c", "@language": "en"}}',
}


class Forbidden(Exception):  # noqa: N818
    """The file asks for something outside of it."""


class TooMuch(Exception):  # noqa: N818
    """The file holds more statements than are read."""


class BoundedMemory(Memory):
    """A store that takes TRIPLES statements and no more."""

    count = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        self.count += 1
        if self.count > TRIPLES:
            raise TooMuch(f"It holds more than {TRIPLES:,} statements.")
        super().add(triple, context, quoted)


def shut(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook that refuses files and connections; modules are still imported."""
    if event == "open" and not str(arguments[0]).endswith(CODE):
        raise Forbidden(str(arguments[0]))
    if event.startswith(FORBIDDEN) and event not in {"os.listdir", "os.scandir"}:
        raise Forbidden(str(arguments[0]) if arguments else event)


def parsed(data: bytes, form: str) -> Graph:
    """The graph of a file in one of the formats of EXAMPLES."""
    graph = Graph(BoundedMemory())
    graph.parse(data=data, format=form, publicID=NOWHERE)
    return graph


def answer(data: bytes, form: str) -> dict[str, Any]:
    """What the file holds, or why it is not read."""
    try:
        return concepts_of(parsed(data, form))
    except Forbidden as asked:
        said = str(asked)[:200]
        return {"problem": f"It refers to something outside of the file ({said}), which is never fetched."}
    except TooMuch as much:
        return {"problem": str(much)}
    except (MemoryError, RecursionError):
        return {"problem": "It is too large, or nested too deep, to be read."}
    except Exception as error:  # noqa: BLE001  (parsers raise anything on hostile bytes)
        return {"problem": _sentence(error)}


def _sentence(error: Exception) -> str:
    """What a parser said, in one line."""
    lines = " ".join(str(error).split()) or type(error).__name__
    return f"It cannot be read: {lines[:300].rstrip('.')}."


def main() -> None:
    """Read standard input within limits, and answer on standard output."""
    form = sys.argv[1]
    confine(MEMORY, 2**30, 64, CPU_SECONDS)
    data = sys.stdin.buffer.read()
    parsed(EXAMPLES[form], form)
    sys.addaudithook(shut)
    json.dump(answer(data, form), sys.stdout)


if __name__ == "__main__":
    main()
