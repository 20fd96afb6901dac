"""Against other tools, on one model that all of them can express; see the README."""
