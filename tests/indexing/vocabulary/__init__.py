"""Tests of the vocabulary of tags."""
