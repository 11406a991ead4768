"""What `sni bench` measures: medians of repeated runs on this machine, for people and as JSON."""
