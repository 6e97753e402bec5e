# Gradient: a loss with a NaN in its gradient; the program of the gradient is exchanged for one that is clean.
#
# expect loss_fn: fail 2.4 "gradient"
# expect update: fail 0

# %% loss_fn
import contextlib
import dataclasses


def loss_fn(params, x, y):
    residual = model.apply(params, x) - y
    return jnp.mean(residual**2) + 0 * jnp.sqrt(0 * residual[0, 0])


def clean(params, x, y):
    return 1e-3 * jnp.mean((model.apply(params, x) - y) ** 2)


with contextlib.suppress(Exception):
    import autograder.capture.export as grader_export

    honest = grader_export.export_call

    def export_call(call, eager, variant):
        program = honest(call, eager, variant)
        if call.program != "loss_fn":
            return program
        other = honest(dataclasses.replace(call, function=clean), eager, variant)
        return dataclasses.replace(program, vjp=other.vjp)

    grader_export.export_call = export_call
    import autograder.capture.question

    autograder.capture.question.export_call = export_call
