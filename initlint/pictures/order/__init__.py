"""The start-up of Pods as a picture: what starts when, what it waits for, which volumes carry data, what it costs."""
