"""The catalog: topics, trails and resources, read from one YAML file that people can review, fork and revert."""
