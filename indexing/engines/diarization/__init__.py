"""Who spoke when: several engines behind one contract."""
