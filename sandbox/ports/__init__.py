"""A learner's published ports in the browser: docs/adr/0027-ports.md has the reasons."""
