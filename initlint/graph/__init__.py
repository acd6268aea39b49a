"""How the workloads of all inputs start together: who waits for whom, and who can never start."""
