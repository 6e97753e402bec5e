# Transposed, summed over the wrong axis or not summed; the Jacobian of a whole batch.
#
# expect gradient: fail 0 "Jacobian of `m.dot`"
# expect matvec: fail 0 "entry by entry"
# expect jacobian: fail 0 "its transpose"
# expect hessian: fail 0 "Hessian of `vector_func`"
# expect batched_derivative: fail 0 "its diagonal"

# %% gradient
def gradient(x):
    return jax.jacobian(m.dot)(x)

# %% matvec
@jax.jit
def matvec(W, x):
    return W * x

# %% jacobian
def jacobian(x):
    return jax.jacobian(vector_func)(x).T

# %% hessian
hessian = jax.hessian(vector_func)

# %% batched_derivative
batched_derivative = jax.jit(jax.jacobian(f))
