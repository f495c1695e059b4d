"""Device emulators: a process with its own codec, clock and watchdog behind a pty."""
