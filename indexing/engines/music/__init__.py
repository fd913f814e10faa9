"""What describes music: the tags of a network, tempo, key, sections and loudness."""
