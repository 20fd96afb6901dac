"""A page on which policies are moved and the pathway answers at once."""
