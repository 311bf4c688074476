"""What a user may set, with the defaults; a settings value is immutable and has a digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from hypecheck.types import SettingsError

Role = Literal["publisher", "sponsor", "clinic"]
ROLES: tuple[Role, ...] = get_args(Role)
JURISDICTIONS = ("US", "UK", "EU", "AU")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a text is judged. `role` and `jurisdictions` choose the standards that are shown."""

    role: Role = "publisher"
    jurisdictions: tuple[str, ...] = JURISDICTIONS
    max_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        """Raise SettingsError for a value that means nothing."""
        if self.role not in ROLES:
            raise SettingsError(f"role is one of {', '.join(ROLES)}, not {self.role!r}")
        unknown = set(self.jurisdictions) - set(JURISDICTIONS)
        if unknown:
            raise SettingsError(f"jurisdictions are among {', '.join(JURISDICTIONS)}, not {', '.join(sorted(unknown))}")
        if self.max_bytes < 1:
            raise SettingsError(f"max_bytes is a positive number, not {self.max_bytes}")

    def digest(self) -> str:
        """sha256 of the settings, for the audit line."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
