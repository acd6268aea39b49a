"""What rules ask of a container's scripts: a module for each question, on which nothing else in the shell builds."""
