"""What a session does: YAML protocols, their schema, units, limits and static check."""
