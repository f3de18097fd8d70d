"""What may be set from outside (`TANDEM_*`) about the work of children; `engine.config.Settings` describes each."""

import os
from typing import Final

from operators.contract.errors import ParameterError

MIB: Final = 1 << 20
DEFAULTS: Final = {
    "SQL_MEMORY_MB": 512,
    "SQL_STEP_MEMORY_MB": 0,
    "SQL_CHECK_S": 10,
    "SQL_DISK_MB": 16_384,
    "SCRIPT_DISK_MB": 16_384,
}
"""By name, without `TANDEM_`; 0 of a step's memory means four tenths of the machine's."""
STEP_SHARE: Final = 0.4


def setting(name: str) -> int:
    """Return a setting.

    Raises:
        ParameterError: It is no whole number of at least 1 (of a step's memory: 0).
    """
    said, least = os.environ.get(f"TANDEM_{name}", ""), min(1, DEFAULTS[name])
    if not said:
        return DEFAULTS[name]
    if not said.isdecimal() or int(said) < least:
        raise ParameterError(f"TANDEM_{name} is {said[:40]!r}.", hint=f"Set it to a whole number from {least} on.")
    return int(said)


def step_memory() -> int:
    """Return the bytes of memory that a query in a run may use."""
    set_by_user = setting("SQL_STEP_MEMORY_MB") * 10**6
    return set_by_user or int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * STEP_SHARE)
