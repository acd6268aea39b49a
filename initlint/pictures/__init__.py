"""What the verbs that draw show: a package for each verb, in it one module for each format."""
