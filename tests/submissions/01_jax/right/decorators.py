# Right, in another style: vmap as a decorator, jit around it, a callable object.

# %% gradient
@jax.grad
def gradient(x):
    return my_func(x)

# %% pure_polynomial
class Polynomial:
    def __call__(self, x):
        return f(x)


pure_polynomial = Polynomial()

# %% offset_polynomial
@jax.jit
def offset_polynomial(x, offset):
    return jnp.add(2 * jnp.square(x) + 3 * x, offset)

# %% matvec
@jax.jit
def matvec(W, x):
    return jnp.einsum("ij,j->i", W, x)

# %% jacobian
@jax.jacrev
def jacobian(x):
    return vector_func(x)

# %% hessian
@jax.hessian
def hessian(x):
    return scalar_func(x)

# %% batched_derivative
@jax.jit
@jax.vmap
@jax.grad
def batched_derivative(x):
    return f(x)
