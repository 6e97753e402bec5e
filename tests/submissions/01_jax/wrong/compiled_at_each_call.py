# A new function is compiled at every call.
#
# expect matvec: fail 0.8 "inside the body does not help"
# expect batched_derivative: fail 1.2 "inside the body does not help"

# %% matvec
def matvec(W, x):
    return jax.jit(lambda W, x: W.dot(x))(W, x)

# %% batched_derivative
def batched_derivative(x):
    def derivative(t):
        return jax.grad(f)(t)

    return jax.jit(jax.vmap(derivative))(x)
