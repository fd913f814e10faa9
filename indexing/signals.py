"""What indexing tells the rest of the house."""

from django.dispatch import Signal

facts_changed = Signal()
"""Sent after commit with `asset_ids`: a list of the assets whose facts are no longer what they were."""
