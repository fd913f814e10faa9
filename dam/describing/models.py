"""What people write about an asset, and every version of it."""
