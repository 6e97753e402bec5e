# Lying objects: an object of another class than it says, whose array is made anew at each look.
#
# expect *: fail 0

# %% [before] MLP
class Always(type(nn.Module)):
    def __instancecheck__(cls, item):
        return True

    def __subclasscheck__(cls, item):
        return True


class Chameleon(float):
    calls = 0

    @property
    def __class__(self):
        return type(jnp.float32(0)) if Chameleon.calls % 2 else float

    def __array__(self, dtype=None, copy=None):
        Chameleon.calls += 1
        return np.asarray(float(Chameleon.calls), dtype)

    def __jax_array__(self):
        Chameleon.calls += 1
        return jnp.float32(Chameleon.calls)

# %% MLP
class MLP(nn.Module, metaclass=Always):
    @nn.compact
    def __call__(self, x):
        return Chameleon(0) * nn.Dense(1)(x)

# %% loss_fn
def loss_fn(params, x, y):
    return Chameleon(0)

# %% update
def update(params, opt_state, x, y):
    return params, opt_state
