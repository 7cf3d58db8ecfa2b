"""What joins the rooms: configuration, an archive opened, portals and clients, runs, and the reader's services."""
