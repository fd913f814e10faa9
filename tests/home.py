"""A temporary home for the tests, set before Django reads its settings (pytest is told `-p tests.home`).

An operator's ELASTICSEARCH_URL serves only the tests that mean it: the others must not write to that index.
"""

import os
import shutil
import tempfile
from pathlib import Path

KEPT = Path(os.environ.get("MEDIATHEQUE_HOME", Path(__file__).resolve().parent.parent / "var"))
HOME = Path(tempfile.mkdtemp(prefix="mediatheque-tests-"))

HOME.chmod(0o711)
(HOME / "static").mkdir()
os.environ.setdefault("MODELS_DIR", str(KEPT / "models"))
if "ELASTICSEARCH_URL" in os.environ:
    os.environ.setdefault("TEST_ELASTICSEARCH_URL", os.environ.pop("ELASTICSEARCH_URL"))
os.environ.update(
    MEDIATHEQUE_HOME=str(HOME), MEDIA_STORAGE=f"file://{HOME / 'media'}", BROKER_URL="memory://"
)


def pytest_unconfigure() -> None:
    """Remove the temporary home."""
    shutil.rmtree(HOME, ignore_errors=True)
