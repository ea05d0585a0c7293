"""Rows of numbers: what users hand over, in whatever form, and what the engines make of it.

In reading order: data (the forms in which both engines take rows), scanning (going through many
numbers fast), digests (which rows were these?), conversion (from lists, buffers and arrays),
class_names (targets that are texts), targets (what is to be learned of each row), weights (how much
a row counts), forms (the answer, in the form that the rows had).
"""
