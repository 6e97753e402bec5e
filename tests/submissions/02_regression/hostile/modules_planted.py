# Next process: files in the working folder, named like modules that the grader imports when it starts.
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

# %% [before] check-update
import contextlib
from pathlib import Path

code = """
import os, sys
try:
    with open("@COURSE@/@MARK@", "w") as file:
        file.write("hostile")
except OSError:
    pass
if "autograder.judge.run" in " ".join(sys.orig_argv):
    with open("verdict.json", "w") as file:
        file.write('{"assignment": "02_regression", "questions": []}')
    os._exit(0)
"""
names = ("json", "pytest", "sitecustomize", "usercustomize", "jax", "conftest", "typing", "random", "autograder")
for name in names:
    with contextlib.suppress(OSError):
        if name == "autograder":
            Path(name).mkdir(exist_ok=True)
            Path(name, "__init__.py").write_text(code)
        else:
            Path(f"{name}.py").write_text(code)
for name, content in (
    ("pytest.ini", "[pytest]\naddopts = --collect-only\n"),
    ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--collect-only'\n"),
    ("tox.ini", "[pytest]\naddopts = --collect-only\n"),
    ("nbgrader_config.py", "c = get_config()\nc.Execute.enabled = False\n"),
):
    with contextlib.suppress(OSError):
        Path(name).write_text(content)
