"""What the other objects of an input offer to a Pod, demand of it, or lack."""
