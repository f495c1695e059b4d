"""Outcome measures: pure functions on arrays, each with its definition, unit and source."""
