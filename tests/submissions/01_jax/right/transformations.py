# Right, in another style: nothing but transformations of functions, and a default argument.

# %% gradient
gradient = jax.grad(my_func)

# %% pure_polynomial
pure_polynomial = jax.jit(lambda x: 2 * x**2 + 3 * x + 2)

# %% offset_polynomial
def offset_polynomial(x, c=C):
    return 2 * x**2 + 3 * x + c

# %% matvec
matvec = jax.jit(lambda W, x: W @ x)

# %% jacobian
jacobian = jax.jacfwd(vector_func)

# %% hessian
hessian = jax.jit(jax.jacfwd(jax.grad(scalar_func)))

# %% batched_derivative
batched_derivative = jax.jit(jax.vmap(jax.grad(f)))
