# Score forged: changes the manifest of the assignment while the notebook runs: other points, shares and questions.
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
import contextlib

with contextlib.suppress(Exception):
    from autograder import exercises
    from autograder.exercises import spec

    assignment = exercises.assignment("02_regression")
    for question in assignment.questions:
        object.__setattr__(question, "points", 100.0)
        object.__setattr__(question, "shares", {"pure": 1.0})
        object.__setattr__(question, "needs", ())
        object.__setattr__(question, "gradients", ())
    spec.Question.manual = property(lambda self: False)
    object.__setattr__(assignment, "checks", assignment.checks.parent / "common")
