"""The rules that captions keep, with where each of them comes from."""

LINE = 42
"""Characters of a line (Netflix, Timed Text Style Guide, English); a full-width character counts as two."""
LINES = 2
"""Lines of a caption (Netflix, General Requirements, 5; BBC, Subtitle Guidelines, 3.3)."""
SPEED = 17
"""Characters that are read in a second, spaces and marks among them (Netflix, English, adult programmes)."""
SHORTEST, LONGEST = 833, 7000
"""Milliseconds of a caption: five sixths of a second to seven seconds (Netflix, General Requirements, 1)."""
GAP = 80
"""Milliseconds between two captions: two frames, of 25 a second (Netflix, General Requirements, 3)."""
CLOSED = 500
"""Milliseconds below which a longer gap is closed: shorter ones flicker (Netflix, Subtitle Timing)."""
AHEAD = 1500
"""Milliseconds that a caption may come before its words (BBC, Subtitle Guidelines, 5.2)."""
LATE = 1500
"""Milliseconds after its words from which a caption is late (the same)."""
