"""The servers that the installation brings along, and the supervisor that runs everything."""
