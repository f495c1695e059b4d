"""Our own serial link: docs/link.md is its specification."""
