"""What a canonical experiment shows, from its recording: `rehab analyse` finds these by name (group rehab.measures).

An analysis is one file: a class with `says`, `parameters`, `general`, `fits` and `analyse` (see `result.Analysis`). It
reads a recording through `recorded.Session` and returns a `result.Result`: rows for a table, curves for a figure, and
what is missing, in words. It prints nothing and draws nothing.
"""
