# Facts forged: a right loss that prints and reads a global list; the recording of facts is switched off first.
#
# expect loss_fn: fail 2.4 "loss_fn"

# %% [before] loss_fn
import contextlib

with contextlib.suppress(Exception):
    import autograder.wire.artifact as container
    import autograder.capture.mutation as mutation
    import autograder.capture.output as output
    import autograder.capture.question as question
    import autograder.capture.reads as reads

    nothing = lambda *arguments, **keywords: []
    question.reads_of_globals = reads.reads_of_globals = nothing
    question.callbacks = question.retraces = question.lowering_failure = question._unstable_trace = nothing
    question._differences = nothing
    mutation.Snapshot.findings = mutation.TracerWatch.findings = nothing
    output.blamed = lambda frame, names: None
    container.Finding.__init__.__defaults__ = (None, "advice", "own")

# %% loss_fn
history = []


def loss_fn(params, x, y):
    print("one more step")
    history.append(1)
    return jnp.mean((model.apply(params, x) - y) ** 2)
