"""The call centre's console."""
