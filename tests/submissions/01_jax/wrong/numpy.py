# NumPy, where a placeholder comes in; a decision by value.
#
# expect matvec: fail 0 "hands a value that depends on an argument to NumPy"
# expect jacobian: fail 0 "NumPy"
# expect pure_polynomial: fail 0 "decides with `if`"

# %% matvec
@jax.jit
def matvec(W, x):
    return np.dot(W, x)

# %% jacobian
def jacobian(x):
    return jnp.asarray(np.array([[x[1], x[0], 0.0], [2 * x[0], 0.0, np.cos(x[2])]]))

# %% pure_polynomial
def pure_polynomial(x):
    if jnp.all(x == 0):
        return 2.0 + x
    return 2 * x**2 + 3 * x + 2
