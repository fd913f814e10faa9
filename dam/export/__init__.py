"""Records of assets for other archives."""
