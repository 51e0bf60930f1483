"""Formats in and out, a module each."""
