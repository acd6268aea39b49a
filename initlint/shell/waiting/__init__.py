"""What a script waits for: its loops, what ends them, how many rounds they make and how long that takes."""
