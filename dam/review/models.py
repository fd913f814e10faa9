"""Deciding on what machines propose, quickly."""
