"""Why a file is not taken in."""


class Refused(Exception):  # noqa: N818
    """The file is not imported; the message says why, to a person."""
