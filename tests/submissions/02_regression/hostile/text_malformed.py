# Active content: lone surrogates, names of a hundred thousand letters, and an exception that cannot be shown.
#
# expect MLP: fail 0
# expect *: error 0

# %% [before] MLP
print("\ud800 lone", "\x00", "\ufeff", "\U000e0001")


class Unshown(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__


Long = type("L" * 100_000, (Exception,), {})
globals()["\ud800"] = 1

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        raise Long("\ud800" * 1000)

# %% loss_fn
def loss_fn(params, x, y):
    raise Unshown

# %% update
def update(params, opt_state, x, y):
    class Sly(Exception):
        @property
        def __class__(self):
            raise KeyboardInterrupt

    raise Sly("\udfff")
