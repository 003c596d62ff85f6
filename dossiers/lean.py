"""
What WeasyPrint works out anew for every box, worked out once for every style instead.

The files are the same, byte for byte (tests/dossiers/test_cost.py), in about four fifths of the
time. Each replacement keeps to the case that our papers are made of and leaves any other to the
library; `without()` takes them all back, to measure by.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import signature
from typing import Any

SIDES = ("top", "right", "bottom", "left")
# What becomes a number of pixels, and what is one already.
LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in SIDES),
    *(f"{most}{size}" for most in ("", "min_", "max_") for size in ("width", "height")),
)
BORDERS = tuple(f"border_{side}_width" for side in SIDES)
# Values that hold for the element alone, however nothing is said of them.
APART = ("page", "position", "float", "display")

_applied: list[tuple[Any, str, Any]] = []


def apply() -> None:
    """Put the replacements in their places, once."""
    if _applied:
        return
    from weasyprint import css
    from weasyprint.draw import border
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import background, percent
    from weasyprint.text import fonts, line_break

    _put(css.ComputedStyle, "__init__", _filled(css.ComputedStyle.__init__))
    _put(css.ComputedStyle, "__missing__", _inherited(css.ComputedStyle.__missing__))
    _put(css.AnonymousStyle, "__init__", _filled(css.AnonymousStyle.__init__))
    _everywhere(percent.resolve_percentages, _resolved(percent.resolve_percentages))
    _everywhere(line_break.strut, _once_for_style("strut", line_break.strut))
    described = _once_for_style("font", fonts.get_font_description)
    _everywhere(fonts.get_font_description, described)
    # _put(line_break.Layout, "setup", _set_up(line_break.Layout.setup, described))
    _everywhere(background.layout_box_backgrounds, _bared(background.layout_box_backgrounds))
    _everywhere(border.draw_outline, _outlined(border.draw_outline))
    _put(boxes.Box, "is_in_normal_flow", _in_flow(boxes.Box.is_in_normal_flow))


@contextmanager
def without() -> Iterator[None]:
    """The library as it is."""
    was_applied = bool(_applied)
    while _applied:
        setattr(*_applied.pop())
    try:
        yield
    finally:
        if was_applied:
            apply()


def _put(place: Any, name: str, replacement: Any) -> None:
    _applied.append((place, name, getattr(place, name)))
    setattr(place, name, replacement)


def _everywhere(original: Any, replacement: Any) -> None:
    """In each module that has imported it by name."""
    own: str = original.__name__
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.") and getattr(module, own, None) is original:
            _put(module, own, replacement)


# --- Styles ---------------------------------------------------------------------------------------


def _filled(create: Callable[..., None]) -> Callable[..., None]:
    """A style begins with the values of all properties of which nothing is said."""
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    initial = {
        key: value
        for key, value in INITIAL_VALUES.items()
        if key not in INHERITED | INITIAL_NOT_COMPUTED
        and key not in APART
        and not key.startswith("text_decoration_")
    }
    logical = {
        function(block="ttb", inline=direction)
        for function in PHYSICAL_FUNCTIONS.values()
        for direction in ("ltr", "rtl")
    }

    def filled(self: Any, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        said = getattr(self, "cascaded", {})
        if logical.isdisjoint(said):
            own = dict(self)
            self.update(initial)
            for key in said:
                self.pop(key, None)
            self.update(own)

    return filled


def _inherited(missing: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """What is only handed down is taken from the parent and not looked at any further."""
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.properties import INHERITED

    plain = frozenset(
        key
        for key in INHERITED - PHYSICAL_FUNCTIONS.keys()
        if key not in APART and not key.startswith("text_decoration_")
    )

    def inherited(self: Any, key: str) -> Any:
        if key in plain and key not in self.cascaded and self.parent_style is not None:
            value = self[key] = self.parent_style[key]
            return value
        return missing(self, key)

    return inherited


def _once_for_style(key: str, ask: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def once(style: Any) -> Any:
        kept = getattr(style, "__dict__", None)
        if kept is None:  # the style of an image
            return ask(style)
        if key not in kept:
            kept[key] = ask(style)
        return kept[key]

    return once


def _set_up(
    set_up: Callable[[Any, Any], None], described: Callable[[Any], Any]
) -> Callable[[Any, Any], None]:
    """Lines of one style are laid out in one context of Pango, not each in its own."""
    from weasyprint.text.constants import PANGO_DIRECTION
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
    from weasyprint.text.fonts import font_features

    features = tuple(name.replace("-", "_") for name in signature(font_features).parameters)

    def context_of(style: Any) -> tuple[Any, Any] | None:
        is_plain = (
            style["text_decoration_line"] == "none"
            and style["font_language_override"] == "normal"
            and style["lang"]
            and not font_features(*(style[name] for name in features))
        )
        if not is_plain:
            return None
        made = pango.pango_font_map_create_context(style.font_config.font_map)
        context = ffi.gc(made, gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
        name, _ = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(name)
        pango.pango_context_set_language(context, language)
        return context, language

    once = _once_for_style("context", context_of)

    def again(self: Any, style: Any) -> None:
        found = once(style) if hasattr(style, "font_config") else None
        if found is None:
            set_up(self, style)
            return
        context, self.language = found
        self.style, self.first_line_direction = style, 0
        self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, described(style))
        self.ascent = self.underline_position = self.strikethrough_position = None

    return again


# --- Boxes ----------------------------------------------------------------------------------------


def _resolved(resolve: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Lengths without a percentage among them are the same in every containing block."""
    from weasyprint.formatting_structure.boxes import Box

    once = _once_for_style("lengths", _lengths)

    def resolved(box: Any, containing_block: Any) -> None:
        style = box.style
        found = once(style)
        if found is None or not isinstance(box, Box):
            resolve(box, containing_block)
            return
        values = box.__dict__
        values.update(found)
        if style["border_collapse"] == "collapse":
            for name in BORDERS:
                if not hasattr(box, name):
                    values[name] = style[name]
        else:
            for name in BORDERS:
                values[name] = style[name]

    return resolved


def _lengths(style: Any) -> dict[str, Any] | None:
    if style["box_sizing"] != "content-box":
        return None
    found = {}
    for name in LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            found[name] = 0 if value == "auto" and name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) == "px":
            found[name] = value.value
        else:
            return None
    return found


def _in_flow(ask: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def in_flow(self: Any) -> bool:
        style = self.style
        if style["float"] == "none" and style["position"] in ("static", "relative"):
            return True
        return ask(self)

    return in_flow


def _bared(lay_out: Callable[..., None]) -> Callable[..., None]:
    """A box without a background has none, and corners without a radius are not rounded."""
    from weasyprint.formatting_structure.boxes import Box

    corners = [f"border_{y}_{x}_radius" for y in ("top", "bottom") for x in ("left", "right")]
    nothing: dict[str, Any] = {"background": None} | dict.fromkeys(corners, (0, 0))

    def is_bare(style: Any) -> bool:
        return (
            all((0, "px") in style[corner] for corner in corners)
            and style["border_image_source"][0] == style["mask_border_source"][0] == "none"
            and all(kind == "none" for kind, _ in style["background_image"])
            and style["background_color"] != "currentcolor"
            and not style["background_color"].alpha
            and not style["box_shadow"]
        )

    once = _once_for_style("bare", is_bare)

    def bared(
        page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        # What stands for a box that is laid out elsewhere is no box.
        is_plain = isinstance(box, Box) and box is not page and style is None
        if not is_plain or not once(box.style):
            lay_out(page, box, get_image, layout_children, style)
            return
        box.__dict__.update(nothing)
        if layout_children:
            for child in box.all_children():
                bared(page, child, get_image)

    return bared


def _outlined(draw: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    from weasyprint.formatting_structure.boxes import Box

    def outlined(stream: Any, box: Any) -> None:
        if box.style["outline_width"]:
            draw(stream, box)
            return
        for child in box.children:
            if isinstance(child, Box):
                outlined(stream, child)

    return outlined
