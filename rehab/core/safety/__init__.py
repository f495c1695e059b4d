"""The safety monitor: small, plain floats, depends on values, limits and nothing else."""
