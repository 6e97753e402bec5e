# Called where it is defined: an array bears the name of the function.
#
# expect gradient: fail 0 "an array of shape (10,)" "must be a function"
# expect batched_derivative: fail 0 "an array of shape (4,)"

# %% gradient
gradient = jax.grad(my_func)(jnp.linspace(0, 1, 10))

# %% batched_derivative
batched_derivative = jax.jit(jax.vmap(jax.grad(f)))(jnp.arange(4.0))
