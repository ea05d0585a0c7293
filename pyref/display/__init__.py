"""What people see of a training: a line that tells how far it is, and pages for notebooks.

line (one that is written again and again, where the stream can do that), duration (in words),
progress (of a training), page (networks and histories as HTML).
"""
