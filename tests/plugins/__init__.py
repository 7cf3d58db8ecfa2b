"""What other packages bring by entry points."""
