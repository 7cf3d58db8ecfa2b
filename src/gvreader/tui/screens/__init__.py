"""The screens: the reader itself, the picker that asks, and the sheets that show."""
