# Artifact forged: says that it was captured on another platform, so that the grader gives up.
#
# expect *: error 0

# %% [before] MLP
import contextlib
import dataclasses

with contextlib.suppress(Exception):
    import autograder.capture.capture as capture_module
    from autograder.wire.artifact import Artifact

    capture_module.Artifact = lambda *fields, **named: dataclasses.replace(Artifact(*fields, **named), platform="cuda")
