"""What the assets room tells the others."""

from django.dispatch import Signal

asset_ingested = Signal()
"""Sent with `asset` after the transaction that brought it in has been committed."""
