"""Comments, tasks and notifications."""
