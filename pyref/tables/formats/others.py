"""What is no table, though it may hold one: seen by its first bytes, and said in a word."""

from typing import List, Optional

SPREADSHEETS = ("xl/workbook.xml", "content.xml")  # a part of their archives, of Excel and others
OTHERS = {
    b"%PDF-": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "a spreadsheet or another file of Office", b"{\\rtf": "a text of Word",
    b"<!doctype": "a page of the web", b"<html": "a page of the web", b"<?xml": "XML",
    b'{"': "JSON", b"[{": "JSON", b"[[": "JSON",
}


def other_format(head: bytes) -> Optional[str]:
    begins = head[:100].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((what for mark, what in OTHERS.items() if begins.startswith(mark.lower())), None)


def refuse_other(head: bytes) -> None:
    """Raises ValueError for what is plainly something else."""
    what = other_format(head)
    if what is not None:
        raise ValueError(f"this is {what}; a table is needed, such as a CSV file")


def refuse_spreadsheet(members: List[str]) -> None:
    """Of a ZIP archive."""
    if any(name in members for name in SPREADSHEETS):
        raise ValueError("this is a spreadsheet; save its table as a CSV file")
