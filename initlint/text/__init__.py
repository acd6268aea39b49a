"""Text to trees: YAML and JSON are read without recursion, and every character keeps its place in its source."""
