"""Captions from words by the rules of broadcasters: which words stand together, and when."""
