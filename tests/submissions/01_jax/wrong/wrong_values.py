# Right shapes, wrong numbers: products of gradients, the mean of a batch, no derivative at all.
#
# expect gradient: fail 0 "the vector before the sum"
# expect matvec: fail 0 "raised TypeError"
# expect jacobian: fail 0 "rows are in the wrong order"
# expect hessian: fail 0 "products of first derivatives"
# expect batched_derivative: fail 0 "mean over the batch"

# %% gradient
def gradient(x):
    return m.dot(x)

# %% matvec
@jax.jit
def matvec(W, x):
    return x.dot(W)

# %% jacobian
def jacobian(x):
    first, second = jax.jacobian(vector_func)(x)
    return jnp.stack([second, first])

# %% hessian
def hessian(x):
    gradient = jax.grad(scalar_func)(x)
    return jnp.outer(gradient, gradient)

# %% batched_derivative
@jax.jit
def batched_derivative(x):
    return jax.grad(lambda x: f(x).mean())(x)
