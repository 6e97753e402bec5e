"""Why JAX cares: one sentence per rule, so that every message says the same."""

SILENT = (
    "JAX runs a jitted function's Python only while tracing it: the output would come once, then never again."
)
GLOBALS = "Under `jax.jit` a global is read once, while tracing, and frozen: later changes are ignored."
MUTATION = (
    "A traced function runs its Python once, so a change made on the side happens once, or with a tracer."
)
DETERMINISTIC = "JAX may run, skip or reorder a pure function freely; randomness must come in through a key."
CALLBACK = (
    "A callback leaves the accelerator to run Python: it cannot be exported, and stalls a GPU at every step."
)
LEAK = (
    "A tracer is a placeholder that lives only while its function is traced; kept anywhere else it is dead."
)
TRACES = "JAX traces a function with placeholders that have a shape and a type but no value."
TRACED_ONCE = "Every new trace costs a compilation, often a thousand times the step itself."
LOWERS = "The same program must run on a CPU, a GPU or a TPU."
COMPILED = "Compiled code is what `jax.jit` keeps from the first call: later calls skip Python altogether."
