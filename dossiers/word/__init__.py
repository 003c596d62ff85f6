"""A document as a Word file, for those who go on working on it: from the HTML of its PDF."""

from dossiers.word.package import docx

__all__ = ["docx"]
