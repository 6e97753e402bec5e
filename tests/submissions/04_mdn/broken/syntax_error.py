# A colon is missing in one answer.
#
# expect MDN: error 0 "MDN" "syntax"

# %% MDN
class MDN(nn.Module)
    num_components: int
