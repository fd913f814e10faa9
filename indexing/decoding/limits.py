"""How much any one file may cost. The one place where these numbers stand."""

from dataclasses import dataclass

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """What decoding may use. Sizes in bytes, times in seconds.

    `memory` bounds private writable memory (RLIMIT_DATA), not address space: libraries reserve far more
    address space than they use. 2 GiB hold two 8-bit RGB copies of the largest picture allowed, which is
    what a decoder without streaming and a colour conversion need. `silence_seconds` is how long ffmpeg may
    work without giving anything; its processor time grows with the film's duration.
    """

    pixels: int = 300_000_000
    memory: int = 2 * GIB
    output: int = 16 * GIB
    open_files: int = 256
    still_seconds: float = 60
    probe_seconds: float = 60
    film_cpu_seconds: float = 300
    film_cpu_per_second: float = 20
    silence_seconds: float = 60
    whole_sound: int = 2 * GIB
    calls_per_child: int = 2000


LIMITS = Limits()
