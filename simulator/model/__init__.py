"""The model: parameters and states as arrays, and the derivative that ties the equations."""
