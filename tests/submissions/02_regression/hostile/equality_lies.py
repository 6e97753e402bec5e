# Lying objects: what is returned says that it equals whatever it is compared with, also to NumPy and JAX.
#
# expect *: fail 0

# %% [before] MLP
class Equal:
    """Equal to all, close to all, true."""

    shape, dtype, ndim, size = (), np.dtype("float32"), 0, 1

    def __eq__(self, other):
        return np.True_

    __ne__ = lambda self, other: np.False_
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None
    __bool__ = lambda self: True
    __float__ = lambda self: 0.0
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __neg__ = __abs__ = lambda self, *o: self
    __getitem__ = __getattr__ = __call__ = lambda self, *others, **more: self
    __array_function__ = lambda self, function, types, arguments, keywords: True
    __array_ufunc__ = lambda self, function, method, *inputs, **keywords: self
    __jax_array__ = lambda self: jnp.float32(0)
    __iter__ = lambda self: iter((self, self))
    __len__ = lambda self: 2

# %% MLP
class MLP:
    init = apply = lambda self, *arguments: Equal()

# %% loss_fn
def loss_fn(params, x, y):
    return Equal()

# %% update
def update(params, opt_state, x, y):
    return Equal()
