"""Builds the service from its parts; the only module that knows every adapter."""
