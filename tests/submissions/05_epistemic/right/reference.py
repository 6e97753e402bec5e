# The reference solution itself.
