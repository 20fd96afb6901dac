"""Changes of scenarios that several tests make."""

from typing import Final

EARLY_END_OF_COAL: Final = {
    "parameters.power.phase_out.start": 2027,
    "parameters.power.phase_out.end": 2036,
    "parameters.power.phase_out.strength": 1.0,
}
"""Coal power leaves from 2027 to 2036."""
