# The loss prints itself: right numbers, not pure.
#
# expect loss_fn: fail 2.4 "loss_fn" "print"

# %% loss_fn
def loss_fn(params, x, y):
    loss = jnp.mean((model.apply(params, x) - y) ** 2)
    print("loss:", loss)
    return loss
