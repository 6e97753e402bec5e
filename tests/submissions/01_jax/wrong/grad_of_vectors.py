# `jax.grad` of functions with more than one value.
#
# expect jacobian: fail 0 "more than one value" "Jacobian"
# expect hessian: fail 0 "more than one value" "Jacobian"
# expect batched_derivative: fail 0 "more than one value" "one number at a time"

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
