"""What a program may consist of: the operations of StableHLO that calculate, on arrays of fixed shape, on one device.

Everything else is refused: what talks to the host or to other devices (callbacks, infeed, outfeed, send, receive,
tokens), what keeps state (`stablehlo.rng`), what has shapes known only at run time, and what JAX does not write.
"""

from __future__ import annotations

ELEMENTWISE = frozenset(
    f"stablehlo.{name}"
    for name in (
        *("abs", "add", "and", "atan2", "cbrt", "ceil", "clamp", "compare", "complex", "convert", "cosine"),
        *(
            "count_leading_zeros",
            "divide",
            "exponential",
            "exponential_minus_one",
            "floor",
            "imag",
            "is_finite",
        ),
        *(
            "log",
            "log_plus_one",
            "logistic",
            "maximum",
            "minimum",
            "multiply",
            "negate",
            "not",
            "or",
            "popcnt",
        ),
        *(
            "power",
            "real",
            "reduce_precision",
            "remainder",
            "round_nearest_afz",
            "round_nearest_even",
            "rsqrt",
        ),
        *("select", "shift_left", "shift_right_arithmetic", "shift_right_logical", "sign", "sine", "sqrt"),
        *("subtract", "tan", "tanh", "xor"),
    )
)
ARRAYS = frozenset(
    f"stablehlo.{name}"
    for name in (
        *("bitcast_convert", "broadcast_in_dim", "cholesky", "concatenate", "constant", "convolution"),
        *("dot_general", "dynamic_slice", "dynamic_update_slice", "fft", "gather", "iota"),
        *("optimization_barrier", "pad", "reduce", "reduce_window", "reshape", "reverse"),
        # From a state to the next, without side effect: keys made with `jax.random.key(0, impl="rbg")`.
        "rng_bit_generator",
        *("scatter", "select_and_scatter", "slice", "sort", "transpose", "triangular_solve"),
    )
)
CONTROL = frozenset(
    {
        *("stablehlo.case", "stablehlo.if", "stablehlo.while", "stablehlo.return"),
        *("stablehlo.composite", "stablehlo.custom_call"),
        *("func.call", "func.func", "func.return"),
    }
)
OPERATIONS = ELEMENTWISE | ARRAYS | CONTROL

# Functions that XLA knows by name; each comes with its definition in simpler operations.
COMPOSITES = frozenset(
    f"chlo.{name}"
    for name in (
        *("acos", "acosh", "asin", "asinh", "atan", "atanh", "bessel_i1e", "conj", "cosh", "digamma", "erf"),
        *(
            "erf_inv",
            "erfc",
            "lgamma",
            "mulhi",
            "next_after",
            "polygamma",
            "ragged_dot",
            "sinh",
            "square",
            "tan",
        ),
        *("top_k", "zeta"),
    )
)

# Attributes of a function and of its arguments and results.
FUNCTION_ATTRIBUTES = frozenset({"arg_attrs", "function_type", "res_attrs", "sym_name", "sym_visibility"})
VALUE_ATTRIBUTES = frozenset({"jax.result_info"})
MODULE_ATTRIBUTES = {
    "jax.uses_shape_polymorphism": "false",
    "mhlo.num_partitions": "1 : i32",
    "mhlo.num_replicas": "1 : i32",
}

# StableHLO's names of the types of elements, by their bytes.
_BY_BYTES = {
    1: ("i1", "i8", "ui8", "f8E4M3FN", "f8E5M2", "f8E4M3B11FNUZ", "f8E4M3FNUZ", "f8E5M2FNUZ"),
    2: ("i16", "ui16", "f16", "bf16"),
    4: ("i32", "ui32", "f32"),
    8: ("i64", "ui64", "f64", "complex<f32>"),
    16: ("complex<f64>",),
}
ELEMENTS = {name: size for size, names in _BY_BYTES.items() for name in names}
# NumPy's name of each type that arguments and results may have -> StableHLO's.
OF_DTYPE = {
    "bool": "i1",
    "float16": "f16",
    "bfloat16": "bf16",
    "float32": "f32",
    "float64": "f64",
    "complex64": "complex<f32>",
    "complex128": "complex<f64>",
    **{f"int{bits}": f"i{bits}" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": f"ui{bits}" for bits in (8, 16, 32, 64)},
}

# What to say of a refused operation or custom call, by the beginning of its name.
_REASONS = (
    (
        (
            "xla_python",
            "xla_ffi_python",
            "xla_ffi_partitioned_python",
            "stablehlo.infeed",
            "stablehlo.outfeed",
        ),
        "calls Python while it runs (`jax.debug.print`, `jax.pure_callback`, `io_callback`)",
        "Take it out of the answer.",
    ),
    (
        ("stablehlo.send", "stablehlo.recv", "stablehlo.after_all", "stablehlo.create_token"),
        "exchanges data with its host while it runs",
        "Take what it needs as arguments, and return what it finds.",
    ),
    (
        (
            *("stablehlo.all_", "stablehlo.collective_", "stablehlo.cross-replica", "stablehlo.partition_id"),
            *("stablehlo.reduce_scatter", "stablehlo.replica_id", "sdy.", "Sharding", "SPMD"),
            "annotate_device_placement",
        ),
        "is spread over devices, or says where its arrays are",
        "Leave shardings, devices and `pmap` out of the answer: it is judged on one device.",
    ),
    (
        ("stablehlo.dynamic_", "stablehlo.real_dynamic", "stablehlo.get_dim", "stablehlo.set_dim", "shape_"),
        "has arrays whose shapes are known only when it runs",
        "Use fixed shapes.",
    ),
    (("stablehlo.rng",), "draws random numbers without a key", "Use `jax.random` with a key."),
    (("ApproxTopK",), "takes an approximate top k", "Use `jax.lax.top_k`."),
    (
        ("lapack_", "cusolver_", "cusparse_", "hipsolver_", "cu_", "hip_"),
        "uses a routine of linear algebra that is not on our list",
        "Of `jnp.linalg`: `cholesky`, `det`, `eigh`, `inv`, `lstsq`, `pinv`, `qr`, `slogdet`, `solve` and `svd`, of "
        "float32, can be judged.",
    ),
    (
        ("mosaic_gpu", "tpu_custom_call", "__gpu$xla.gpu.triton", "triton"),
        "has a kernel of its own (Pallas)",
        "Use `jnp` and `jax.lax`.",
    ),
)


def refusal(name: str) -> str:
    """What to tell a student whose program has the operation, or calls the routine, `name`."""
    for beginnings, deed, remedy in _REASONS:
        if name.startswith(beginnings):
            return f"{deed} (`{name}`), which cannot be judged. {remedy}"
    return f"uses `{name}`, which cannot be judged. Use operations of `jnp`, `jax.lax` and `jax.nn`."
