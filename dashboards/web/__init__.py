"""The faces: server-rendered pages, one folder per audience."""
