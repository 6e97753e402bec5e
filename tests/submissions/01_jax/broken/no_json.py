# The notebook is cut off in the middle: no JSON.
#
# expect *: missing 0

# %% [file]
{"cells": [{"cell_type": "code", "source": ["import jax
