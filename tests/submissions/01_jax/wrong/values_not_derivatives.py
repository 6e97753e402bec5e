# The function's value, where its derivative is asked for; one derivative too few, or one too many.
#
# expect gradient: fail 0 "is the value of `my_func` itself"
# expect jacobian: fail 0 "values of `vector_func`"
# expect hessian: fail 0 "That is a gradient"
# expect batched_derivative: fail 0 "the values of `f`"

# %% gradient
def gradient(x):
    return my_func(x)

# %% jacobian
def jacobian(x):
    return vector_func(x)

# %% hessian
hessian = jax.grad(scalar_func)

# %% batched_derivative
batched_derivative = jax.jit(jax.vmap(f))
