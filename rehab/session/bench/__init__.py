"""Benchmarks: the figures of the product on this machine, beside a peer where one is installed."""
