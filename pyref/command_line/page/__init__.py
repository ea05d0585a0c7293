"""Training steps as a page that a browser replays: it holds what was computed, no more.

frames (what each moment shows), drawing (the network, the losses, the region), document (all in one
file), style and script (what every such page has in common).
"""
