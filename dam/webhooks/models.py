"""Signed messages to other systems."""
