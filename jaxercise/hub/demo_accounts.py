"""The accounts of a demonstration: no root, no Unix accounts, only names and passwords."""

from __future__ import annotations

import hmac
from typing import Any

from jupyterhub.auth import Authenticator
from traitlets import Dict, Unicode


class PasswordList(Authenticator):
    """Lets in who knows the password of a name on the list."""

    passwords = Dict(
        key_trait=Unicode(), value_trait=Unicode(), help="Passwords by names of accounts."
    ).tag(config=True)

    async def authenticate(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, handler: Any, data: dict[str, str]
    ) -> str | None:
        """The name, or None for a wrong password; JupyterHub calls it at each login."""
        known = self.passwords.get(data["username"], "")
        same = hmac.compare_digest(known.encode(), data["password"].encode())
        return data["username"] if known and same else None
