"""Search in Elasticsearch 9: words and moments there, vectors and permission in PostgreSQL."""
