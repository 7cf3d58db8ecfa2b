"""HTTP messages as bytes, pure: heads, bodies, codings."""
