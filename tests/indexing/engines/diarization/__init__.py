"""Tests of the diarization engines."""
