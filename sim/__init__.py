"""Simulation: plants, virtual patients, emulators."""
