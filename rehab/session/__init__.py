"""A session: patient, device, protocol and the processes that run it."""
