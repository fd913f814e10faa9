"""Words found as they are written and as they sound: pronunciation, distance of sounds, search."""

from indexing.phonetics.spotting import Entry, Hit, Spoken, search

__all__ = ["Entry", "Hit", "Spoken", "search"]
