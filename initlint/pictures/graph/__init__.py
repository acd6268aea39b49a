"""Who waits for whom, as a picture: the graph of a run, gathered and shown."""
