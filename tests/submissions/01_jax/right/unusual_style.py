# Right, in another style: a factory, `functools.partial`, compiled helpers behind plain functions, vjp and jvp.

# %% gradient
def gradient(x):
    value, pullback = jax.vjp(my_func, x)
    return pullback(jnp.ones_like(value))[0]

# %% pure_polynomial
def make_polynomial(*coefficients):
    def polynomial(x):
        return jnp.polyval(jnp.array(coefficients), x)

    return polynomial


pure_polynomial = make_polynomial(2.0, 3.0, 2.0)

# %% offset_polynomial
import functools


def general_polynomial(a, b, x, c):
    return a * x**2 + b * x + c


offset_polynomial = functools.partial(general_polynomial, 2.0, 3.0)

# %% matvec
fast_product = jax.jit(jax.vmap(jnp.dot, in_axes=(0, None)))


def matvec(W, x):
    return fast_product(W, x)

# %% jacobian
def jacobian(x):
    rows = [jax.grad(lambda x, i=i: vector_func(x)[i])(x) for i in range(2)]
    return jnp.stack(rows)

# %% hessian
def hessian(x):
    column = lambda direction: jax.jvp(jax.grad(scalar_func), (x,), (direction,))[1]
    return jax.vmap(column, out_axes=1)(jnp.eye(3))

# %% batched_derivative
slopes = jax.jit(jax.grad(lambda x: f(x).sum()))


def batched_derivative(x):
    return slopes(x)
