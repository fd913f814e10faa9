"""Who may do what with an asset: rights statements, embargo, licences, downloads."""
