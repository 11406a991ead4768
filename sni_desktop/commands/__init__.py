"""What can be done in the window: one table of commands, and its binding to menus, bars and keys."""
