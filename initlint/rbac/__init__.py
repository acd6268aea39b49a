"""What a ServiceAccount may do: roles and bindings of the input, and what a command asks the API server for."""
