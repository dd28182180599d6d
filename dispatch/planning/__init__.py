"""The day's plan of a district: facts -> `dispatch.search` -> a plan that is shown, accepted, repaired.

`plans`: start, progress, accept, discard, find, list_. `repair`: preview, trigger, accept. `moves` (drag):
preview, move. `computing` runs what waits, off the event loop. What decides is pure.
"""
