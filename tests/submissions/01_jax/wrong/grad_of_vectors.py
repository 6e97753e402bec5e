# `jax.grad` of functions with more than one value.
#
# expect jacobian: fail 0 "Gradient only defined for scalar-output functions"
# expect hessian: fail 0 "Gradient only defined for scalar-output functions"
# expect batched_derivative: fail 0 "Gradient only defined for scalar-output functions"

# %% jacobian
def jacobian(x):
    return jax.grad(vector_func)(x)

# %% hessian
def hessian(x):
    return jax.grad(jax.grad(scalar_func))(x)

# %% batched_derivative
@jax.jit
def batched_derivative(x):
    return jax.grad(f)(x)
