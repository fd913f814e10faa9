"""The sample library: freely licensed media out of packages, and media made on the spot."""
