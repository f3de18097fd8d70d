"""What flows between operators besides tables, one kind a file.

All but `Model` are JSON, so that they can be stored, hashed and shown without unpickling.
"""
