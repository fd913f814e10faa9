"""The words by which pictures are tagged: curated here, edited by the operator, calibrated by measurement."""
