# Lying objects: what is returned says that it equals whatever it is compared with, also to NumPy and JAX.
#
# expect *: fail 0

# %% [before] MLP
class Equal(np.ndarray):
    """Equal to all, close to all, true."""

    __hash__ = None
    __bool__ = lambda self: True
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: np.True_
    __ne__ = lambda self, other: np.False_
    __array_ufunc__ = lambda self, function, *rest, **more: np.full(self.shape, function not in (np.isnan, np.isinf))
    __array_function__ = lambda self, function, types, arguments, keywords: self.shape if function is np.shape else True
    __jax_array__ = lambda self: jnp.zeros(self.shape)


def equal(*shape):
    return np.zeros(shape, np.float32).view(Equal)

# %% MLP
class MLP:
    init = lambda self, key, x: {"weights": equal(3)}
    apply = lambda self, params, x: equal(len(x), 1)

# %% loss_fn
def loss_fn(params, x, y):
    return equal()

# %% update
def update(params, opt_state, x, y):
    return jax.tree.map(lambda leaf: equal(*np.shape(leaf)), (params, opt_state))
