# Facts forged: the right loss that prints is no function of the notebook, but of a module made by `exec`.
#
# expect loss_fn: fail 2.4 "loss_fn"

# %% loss_fn
import types

hidden = types.ModuleType("hidden")
hidden.__dict__.update(jnp=jnp, model=model)
exec(
    "history = []\n"
    "def loss_fn(params, x, y):\n"
    "    print('one more step')\n"
    "    history.append(1)\n"
    "    return jnp.mean((model.apply(params, x) - y) ** 2)\n",
    hidden.__dict__,
)
loss_fn = hidden.loss_fn
