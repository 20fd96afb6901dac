"""Simulator of sector decarbonisation pathways: stocks, flows and policies for China."""
