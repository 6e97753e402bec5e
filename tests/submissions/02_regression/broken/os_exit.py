# A cell ends the process that runs it.
#
# expect loss_fn: error 0 "loss_fn"

# %% loss_fn
import os

os._exit(0)
