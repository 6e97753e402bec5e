# Interpreter: IPython's magics run a shell, load extensions, change the configuration and the folder.
#
# expect *: fail 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return 0.0 * nn.Dense(1)(x)

# %% loss_fn
def loss_fn(params, x, y):
    return jnp.float32(0)

# %% update
def update(params, opt_state, x, y):
    return params, opt_state

# %% [before] MLP
%alias_magic hostile bash
%config InlineBackend.figure_format = "svg"
%load_ext autoreload
!echo hostile > "@COURSE@/@MARK@"; (bash -c 'exec -a @MARK@ sleep 40' &) 2>/dev/null
%cd -q /
%env CLUSTERMASS_CATALOG=/dev/zero
%run -i /dev/null
%xmode Minimal
get_ipython().run_cell_magic("bash", "", 'echo hostile > "@COURSE@/@MARK@"; exit 0')
get_ipython().run_cell_magic("javascript", "", "alert(1)")
get_ipython().run_line_magic("reset_selective", "-f nothing")
