"""Vocabulary and the tick. Pure: no Qt, no physics, no serial, no files, no database, no logging."""
