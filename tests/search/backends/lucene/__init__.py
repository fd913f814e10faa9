"""Lucene, which Elasticsearch searches with: a small Java program beside this file, asked line by line."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

JAR = Path(settings.BASE_DIR) / "var" / "lucene" / "lucene-9.9.1.jar"
SOURCES = Path(__file__).parent


class LuceneError(Exception):
    """The program could not do what it was asked; the message is Java's."""


def missing() -> str:
    """What Lucene cannot be run for lack of; empty where nothing is lacking."""
    if not JAR.exists():
        return "no Lucene here: python -m tests.search.backends.lucene.fetch"
    return "" if shutil.which("javac") and shutil.which("java") else "no JDK here"


class Lucene:
    """The running program, with its indices in memory."""

    def __init__(self) -> None:
        path = f"{JAR}:{_compiled()}"
        command = ["java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", path, "Library"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, do: str, index: str, **more: Any) -> Mapping[str, Any]:
        """One request and its answer. Raises LuceneError."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, "index": index, **more}) + "\n")
        self._process.stdin.flush()
        answer: Mapping[str, Any] = json.loads(self._process.stdout.readline())
        if "problem" in answer:
            raise LuceneError(answer["problem"])
        return answer

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


def _compiled() -> Path:
    """The folder of the compiled program; compiled anew where its source is another."""
    sources = sorted(SOURCES.glob("*.java"))
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:12]
    folder = JAR.parent / f"program-{digest}"
    if not (folder / "Library.class").exists():
        command = ["javac", "-nowarn", "-cp", str(JAR), "-d", str(folder), *map(str, sources)]
        subprocess.run(command, check=True, capture_output=True, text=True)
    return folder
