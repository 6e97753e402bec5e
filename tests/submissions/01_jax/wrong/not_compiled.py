# Right, but not compiled.
#
# expect matvec: fail 0.8 "runs its Python again" "@jax.jit"
# expect batched_derivative: fail 1.2 "runs its Python again"

# %% matvec
def matvec(W, x):
    return W.dot(x)

# %% batched_derivative
batched_derivative = jax.vmap(jax.grad(f))
