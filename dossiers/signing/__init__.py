"""Digital signatures (PAdES) on issued papers: keys, visible marks, signing, validation."""
