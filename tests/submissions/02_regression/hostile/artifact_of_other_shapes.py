# Artifact forged: the plain results that come along have other shapes, types and numbers than the programs give.
#
# expect *: fail 0

# %% [before] MLP
import contextlib
import dataclasses

with contextlib.suppress(Exception):
    import autograder.capture.capture as capture_module

    honest = capture_module.capture_question

    def dishonest(question, names, facts=True):
        captured = honest(question, names, facts)
        programs = [
            dataclasses.replace(
                program,
                eager=tuple(np.zeros((7, 7), np.complex128) for leaf in program.eager),
                arguments=tuple(np.full(np.shape(leaf), np.nan) for leaf in program.arguments),
            )
            for program in captured.programs
        ]
        return dataclasses.replace(captured, programs=tuple(programs))

    capture_module.capture_question = dishonest

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return 0.0 * nn.Dense(1)(x)

# %% loss_fn
def loss_fn(params, x, y):
    return 0 * jnp.mean((model.apply(params, x) - y) ** 2)

# %% update
def update(params, opt_state, x, y):
    return params, opt_state
