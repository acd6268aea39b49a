"""How a script can end: every path that its statements may take, with the status and the options on it."""
