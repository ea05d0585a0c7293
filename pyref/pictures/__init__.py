"""Pictures of trainings and networks: what is in them, and how they are drawn.

What is drawn is computed in course (the losses from epoch to epoch), calibration, residuals,
region and answers (what a network has answered to rows).  Each picture lays its numbers out as
shapes (chart, with the colours of colours): curves, confusion, reliability, misses, decisions,
heat_map, drawing.  of_network knows them all by name.  Two files draw shapes, svg by itself and
matplotlib by the library of that name; marks (on axes) and text serve both.  sparkline and
character_map draw with characters.

Nothing here reads or writes a file.
"""
