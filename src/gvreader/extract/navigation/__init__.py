"""Ways on from a page: menus, sections, pagers, feeds."""
