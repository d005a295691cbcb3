"""What we measure ourselves against, each as short as somebody would write it."""
