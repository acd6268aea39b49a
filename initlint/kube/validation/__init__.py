"""What the API server says of an object before it exists: decoding, then validation, each error where it stands."""
