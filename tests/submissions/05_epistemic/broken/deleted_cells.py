# The network was deleted: `mc_predict`, which needs it, is judged with a stand-in.
#
# expect DropoutMLP: missing 0 "DropoutMLP"

# %% [delete] DropoutMLP
