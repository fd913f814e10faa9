"""Does the half of a text find its other half? Run: python -m tests.bench.bench_similar_topics

The docstrings of modules of the standard library stand for recordings about one subject each: the first words
of each are cut in two, and each half is said, 25 words in 10 seconds. The first half of each is the example.
"""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.bench.system import whole_system

if TYPE_CHECKING:
    from dam.assets.models import Asset
    from dam.collections.models import Library

MODULES = """
argparse ast asyncio base64 bz2 calendar codecs collections configparser contextlib csv ctypes datetime
decimal difflib dis doctest email.message enum fileinput fractions ftplib functools gettext gzip heapq
html.parser http.client imaplib inspect ipaddress json locale logging mailbox mimetypes
multiprocessing.pool optparse pathlib pdb pickle poplib pprint queue random re secrets selectors shelve
shlex shutil smtplib socket sqlite3 ssl statistics string struct subprocess tarfile tempfile textwrap
threading tokenize trace traceback turtle types unittest.mock urllib.parse urllib.request uuid weakref
webbrowser xml.dom.minidom xml.sax zipfile
"""
FEWEST, MOST, AT_ONCE = 300, 1200, 25
"""Words of a text that is taken, words that are taken of it, and words of a segment."""


def texts() -> Iterator[list[str]]:
    """The words of each module's docstrings."""
    for name in MODULES.split():
        module = importlib.import_module(name)
        own = [each for each in vars(module).values() if inspect.isclass(each) or inspect.isfunction(each)]
        members = [member for each in own for member in vars(each).values() if inspect.isfunction(member)]
        told = [each.__doc__ for each in (module, *own, *members)]
        words = " ".join(text for text in dict.fromkeys(told) if isinstance(text, str)).split()
        if len(words) >= FEWEST:
            yield words[:MOST]


def cut(words: list[str]) -> tuple[list[str], list[str]]:
    """The two halves."""
    return words[: len(words) // 2], words[len(words) // 2 :]


def recorded(library: Library, words: list[str]) -> Asset:
    """A recording in which the words are said."""
    from indexing.models import Annotation
    from search import documents
    from tests.factories import make_asset, make_run

    asset = make_asset(library, kind="audio", duration=len(words) / AT_ONCE * 10)
    said = {"kind": "speech", "language": "en", "source": "machine", "run": make_run(asset)}
    for first in range(0, len(words), AT_ONCE):
        place = {"start": first / AT_ONCE * 10, "end": (first / AT_ONCE + 1) * 10}
        text = " ".join(words[first : first + AT_ONCE])
        Annotation.objects.create(asset=asset, text=text, **said, **place)
    documents.rebuild([asset.pk])
    return asset


def main() -> None:
    with whole_system():
        from search.similar_topics import of_asset, search_by
        from tests.factories import make_library, make_member

        library = make_library()
        reader = make_member(library)
        halves = [[recorded(library, half) for half in cut(words)] for words in texts()]
        began = time.perf_counter()
        found = [[hit.asset for hit in search_by(reader, of_asset(example)).hits] for example, _ in halves]
        took = (time.perf_counter() - began) / len(halves)
    wanted = list(zip(found, (other for _, other in halves), strict=True))
    for most in (1, 5, 10):
        share = sum(other in hits[:most] for hits, other in wanted) / len(wanted)
        print(f"the other half of {len(halves)} texts among the first {most:2}: {share:.2f}")
    print(f"shown: {sum(map(len, found)) / len(found):.1f} in the mean; {1000 * took:.0f} ms each")


if __name__ == "__main__":
    main()
