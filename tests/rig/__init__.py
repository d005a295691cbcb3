"""The test rig: local servers that stand in for the platforms, strict where the real ones are strict."""
