"""The internet for sandboxes whose class has it: a proxy on a unix socket (ADR 31)."""
