"""The tags of several papers joined into those of one bound file, in the order of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf


class Tagging:
    """
    Gathers the structure of what is bound, page by page.

    Only of papers made here, whose structure is known; pages of other files stay without, and
    the bound file says so (Suspects). It never calls itself PDF/A: what is enclosed may not be.
    """

    def __init__(self, bound: Pdf) -> None:
        from pikepdf import Array, Dictionary, Name

        self.bound = bound
        self.is_whole = True
        self.nums: list[Object | int] = []
        self.root = bound.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = bound.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        )
        self.root.K = Array([self.document])

    def take(self, source: Pdf, numbers: Sequence[int], pages: Sequence[Page]) -> None:
        """
        The structure of some pages of `source`, which are these `pages` of the bound file.

        `numbers` counts them in the source, from 0, as their keys in its structure do.
        """
        from pikepdf import Name

        if "/StructTreeRoot" not in source.Root:
            self.skip()
            return
        # Pages that are bound already are not copied again: references to them stay right.
        tree = self.bound.copy_foreign(source.Root.StructTreeRoot)
        found = list(tree.ParentTree.Nums.as_list())
        parents = {int(found[i]): found[i + 1] for i in range(0, len(found), 2)}
        for number, page in zip(numbers, pages, strict=True):
            page.obj.StructParents = self._key(parents[number])
            page.obj.Tabs = Name.S
            for annotation in page.obj.get("/Annots", ()):
                if "/StructParent" in annotation:
                    key = int(annotation.StructParent)
                    annotation.StructParent = self._key(parents[key])
        taken = {page.obj.objgen for page in pages}
        for element in tree.K[0].K.as_list():
            shown = element.get("/Pg")
            if shown is not None and shown.objgen in taken:
                element.P = self.document
                self.document.K.append(element)

    def skip(self) -> None:
        """Pages without a structure that could be kept."""
        self.is_whole = False

    def finish(self) -> None:
        from pikepdf import Array, Dictionary

        self.root.ParentTree = self.bound.make_indirect(Dictionary(Nums=Array(self.nums)))
        self.bound.Root.StructTreeRoot = self.root
        self.bound.Root.MarkInfo = Dictionary(Marked=True, Suspects=not self.is_whole)

    def _key(self, parents: Object) -> int:
        key = len(self.nums) // 2
        self.nums += [key, parents]
        return key
