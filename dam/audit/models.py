"""What was done by whom, written once and never changed."""
