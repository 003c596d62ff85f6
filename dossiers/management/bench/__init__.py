"""Measurements of the paper machine; what `bench_documents` puts together."""
