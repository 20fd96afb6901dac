"""Where what a person writes becomes arrays: one module a block of equations."""
