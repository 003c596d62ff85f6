"""Where on the finished pages each signer signs: the space between position and name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from dossiers.rendering import Layout


class Place(TypedDict):
    """`box` in points from the lower left corner of the page: left, bottom, right, top."""

    page: int
    name: str
    label: str
    box: list[float]


def signing_places(layout: Layout, snapshot: Mapping[str, Any]) -> list[Place]:
    """Read off the ids that _signing.html gives to the space for a signature and to the name."""
    spaces, names = layout.boxes("space-"), layout.boxes("name-")
    rows: Sequence[Sequence[Mapping[str, Any]]] = snapshot.get("signing", ())
    found: list[Place] = []
    for i, row in enumerate(rows):
        for j, signer in enumerate(row):
            key = f"{i}-{j}"
            if key not in spaces or key not in names:
                continue
            page, (left, _, right, top) = spaces[key]
            bottom = names[key][1][3]
            position = signer["lines"][-1] if signer["lines"] else ""
            found.append(
                {
                    "page": page,
                    "name": signer["name"],
                    "label": " – ".join(filter(None, (position, signer["name"]))),
                    "box": [round(edge, 2) for edge in (left, bottom, right, top)],
                }
            )
    return found
