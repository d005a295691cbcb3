"""Ways in and out: each file is the only place that imports its platform's library."""
