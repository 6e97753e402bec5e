# A transformation gives a function; its values are asked for.
#
# expect gradient: fail 0 "returns a function"
# expect jacobian: fail 0 "returns a function"
# expect hessian: fail 0 "returns a function"
# expect batched_derivative: fail 0 "returns a function"

# %% gradient
def gradient(x):
    return jax.grad(my_func)

# %% jacobian
def jacobian(x):
    return jax.jacobian(vector_func)

# %% hessian
def hessian(x):
    return jax.hessian(scalar_func)

# %% batched_derivative
def batched_derivative(x):
    return jax.jit(jax.vmap(jax.grad(f)))
