"""What the people room tells the others."""

from django.dispatch import Signal

look_again = Signal()
"""Sent after commit with `space` and `asset_ids`: what fills that vector space must see those assets anew."""

traces_erased = Signal()
"""Sent after commit with `asset_ids`: whatever was derived from their facts must forget now what is gone."""
