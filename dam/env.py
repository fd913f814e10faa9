"""What the environment says, read once. Every setting an operator may change is here and nowhere else."""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("MEDIATHEQUE_HOME", BASE_DIR / "var")).resolve()
SERVICES_DIR = HOME / "services"
MODELS_DIR = Path(os.environ.get("MODELS_DIR", HOME / "models")).resolve()


def flag(name: str, default: bool = False) -> bool:
    """True when the variable is 1, true, yes or on."""
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """The variable as a whole number. Raises ValueError where it is none."""
    return int(os.environ.get(name, default))


def choice(name: str, *allowed: str) -> str:
    """The variable, which must be one of the allowed words; the first is the default. Raises ValueError."""
    chosen = os.environ.get(name, allowed[0])
    if chosen not in allowed:
        raise ValueError(f"{name} is {chosen!r}, but must be one of: {', '.join(allowed)}.")
    return chosen


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated variable as a list, without empty entries."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def service_url(variable: str, file_name: str) -> str | None:
    """The URL of a service: the operator's variable first, else what the embedded server wrote down."""
    if os.environ.get(variable):
        return os.environ[variable]
    written = SERVICES_DIR / file_name
    return written.read_text().strip() if written.exists() else None


def secret_key() -> str:
    """SECRET_KEY from the environment, else one made on first use and kept readable by its owner only."""
    if os.environ.get("SECRET_KEY"):
        return os.environ["SECRET_KEY"]
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DATABASE_URL = service_url("DATABASE_URL", "database.url")
BROKER_URL = service_url("BROKER_URL", "broker.url")
CACHE_URL = os.environ.get("CACHE_URL", BROKER_URL if (BROKER_URL or "").startswith("redis") else None)
MEDIA_STORAGE = os.environ.get("MEDIA_STORAGE", f"file://{HOME / 'media'}")
ELASTICSEARCH_URL = os.environ.get("ELASTICSEARCH_URL")
DEBUG = flag("DEBUG")
WEBHOOK_PRIVATE_ADDRESSES = flag("WEBHOOK_PRIVATE_ADDRESSES")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
SPEECH_ENGINE = choice("SPEECH_ENGINE", "faster-whisper", "whisperx")
DIARIZATION_ENGINE = choice("DIARIZATION_ENGINE", "onnx", "pyannote")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
TRANSLATE_TO = [code for entry in words("TRANSLATE_TO") for code in entry.split()]
