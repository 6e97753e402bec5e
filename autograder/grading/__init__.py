"""One submission, from its file to its verdict: read, captured apart, judged apart, and who is blamed for a bad end."""
