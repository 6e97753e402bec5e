"""What crosses between the processes, and nothing else: artifact, verdict and outputs, strictly written and read."""
