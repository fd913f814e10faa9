"""What is wrong with a recording, told from its samples alone: one small detector for each kind of damage."""
