"""Controlled vocabularies of terms, as SKOS has them."""
