"""Calibration: observed history, hindcast, fitting and uncertainty."""
