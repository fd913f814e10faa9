"""Decoding of foreign bytes, always in a process that may be killed. See docs/formats.md."""
