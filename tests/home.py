"""A temporary home for the tests, set before Django reads its settings (pytest is told `-p tests.home`)."""

import os
import shutil
import tempfile
from pathlib import Path

KEPT = Path(os.environ.get("MEDIATHEQUE_HOME", Path(__file__).resolve().parent.parent / "var"))
HOME = Path(tempfile.mkdtemp(prefix="mediatheque-tests-"))

HOME.chmod(0o711)
(HOME / "static").mkdir()
os.environ.setdefault("MODELS_DIR", str(KEPT / "models"))
os.environ.update(
    MEDIATHEQUE_HOME=str(HOME), MEDIA_STORAGE=f"file://{HOME / 'media'}", BROKER_URL="memory://"
)


def pytest_unconfigure() -> None:
    """Remove the temporary home."""
    shutil.rmtree(HOME, ignore_errors=True)
