"""Recordings: write, read, verify."""
