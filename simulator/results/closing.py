"""How much of what a scenario lacks of a target one thing closes that may be moved."""

import math
from typing import NamedTuple


class Closing(NamedTuple):
    """One thing, moved alone, or all together."""

    label_en: str
    label_zh: str
    share: float
    """Part of what is missing that it closes at best, 1 where it is enough; less than nothing
    where it only makes things worse [1]."""
    step: float
    """Part of its way that is enough; not-a-number where none is [1]."""

    @property
    def enough(self) -> bool:
        """Whether it meets the target."""
        return math.isfinite(self.step)
