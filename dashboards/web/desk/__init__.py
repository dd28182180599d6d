"""The civil-affairs desk."""
