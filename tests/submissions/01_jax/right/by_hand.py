# Right, in another style: derivatives by hand, `functools.partial(jax.jit)` as a decorator.

# %% gradient
def gradient(x):
    return m.sum(axis=0)

# %% pure_polynomial
def pure_polynomial(x):
    return (2 * x + 3) * x + 2

# %% offset_polynomial
def offset_polynomial(x, C):
    quadratic, linear = 2.0, 3.0
    return x * (quadratic * x + linear) + C

# %% matvec
import functools


@functools.partial(jax.jit)
def matvec(W, x):
    return jnp.sum(W * x, axis=1)

# %% jacobian
def jacobian(x):
    return jnp.array([[x[1], x[0], 0.0], [2 * x[0], 0.0, jnp.cos(x[2])]])

# %% hessian
def hessian(x):
    e = jnp.exp(x[0])
    H = jnp.zeros((3, 3))
    H = H.at[0, 0].set(e * x[1] ** 2).at[0, 1].set(2 * e * x[1]).at[1, 0].set(2 * e * x[1])
    H = H.at[1, 1].set(2 * e).at[1, 2].set(3 * x[2] ** 2).at[2, 1].set(3 * x[2] ** 2)
    return H.at[2, 2].set(6 * x[1] * x[2])

# %% batched_derivative
@jax.jit
def batched_derivative(x):
    return 4 * x + 3
