"""What would have happened under another version (ADR 17): pure code over records and ports, which can send nothing."""
