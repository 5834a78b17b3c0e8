"""Services of our own on free loopback ports, for `suasion up` and for tests; nothing of the system's is touched."""
