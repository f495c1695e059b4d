"""Device drivers: one folder a family."""
