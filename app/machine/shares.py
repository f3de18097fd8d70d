"""Shares in words, as a person reads them."""

from collections.abc import Mapping

from app.text import t

WHOLE = 10_000
GIB = 2**30
UNITS = ("cpu", "gpu", "memory")


def amount(name: str, share: float) -> str:
    """Return an amount of one resource: ten-thousandths of devices, or bytes of memory."""
    return f"{share / GIB:,.1f} GiB" if name == "memory" else f"{share / WHOLE:g}"


def share_text(share: Mapping[str, float]) -> str:
    """Return a share in words, such as `0.5 CPU, 0.25 GPU`; what is none is left out."""
    parts = [t(f"resources.of_{name}", amount=amount(name, share[name])) for name in UNITS if share.get(name)]
    return ", ".join(parts) or "–"


def pool_text(pool: Mapping[str, str]) -> str:
    """Return in words which devices an environment may have."""
    return " ".join(filter(None, (pool.get("model"), pool.get("kind")))) or t("resources.any_gpu")
