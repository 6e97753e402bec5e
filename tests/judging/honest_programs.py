"""What students may plausibly write, by name, and what becomes of it when it is captured."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax
from jax import lax

from autograder.capture.export import export_call
from autograder.exercises.spec import Call
from autograder.judge.programs import Programs
from autograder.wire.artifact import CapturedQuestion, Program

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # TFP's, of JAX
    from tensorflow_probability.substrates.jax import bijectors as tfb
    from tensorflow_probability.substrates.jax import distributions as tfd

X = jnp.linspace(-1, 1, 8 * 14).reshape(8, 14)
V = jnp.linspace(0.1, 0.9, 8)
KEY = jax.random.PRNGKey(0)


def square(x: jax.Array) -> jax.Array:
    """A symmetric positive definite matrix (8, 8) that depends on x."""
    return x @ x.T + 9 * jnp.eye(8)


def network(module: nn.Module, **options: Any) -> Callable[..., Any]:
    """A module's parameters and what it gives."""
    return lambda x: module.init_with_output({"params": KEY, "dropout": KEY}, x, **options)[0]


def mixture(x: jax.Array) -> Any:
    """A mixture of four Normals for each row."""
    scale = jax.nn.softplus(x[:, 8:12])
    return tfd.MixtureSameFamily(tfd.Categorical(logits=x[:, :4]), tfd.Normal(x[:, 4:8], scale))


@jax.custom_jvp
def clipped(x: jax.Array) -> jax.Array:
    """A function with a derivative of its own."""
    return jnp.clip(x, 0, 1)


clipped.defjvp(lambda primals, tangents: (clipped(*primals), tangents[0]))


def spline(x: jax.Array) -> jax.Array:
    """Rational quadratic spline (Durkan et al. 2019), written out."""
    widths, heights = jax.nn.softmax(x[:, :4]) * 2, jax.nn.softmax(x[:, 4:8]) * 2
    slopes = jax.nn.softplus(x[:, 8:13]) + 1e-3
    knots_x = jnp.cumsum(jnp.pad(widths, ((0, 0), (1, 0))), 1) - 1
    knots_y = jnp.cumsum(jnp.pad(heights, ((0, 0), (1, 0))), 1) - 1
    at = x[:, 13]
    k = jnp.clip(jnp.sum(at[:, None] >= knots_x, 1) - 1, 0, 3)

    def pick(values: jax.Array, shift: int = 0) -> jax.Array:
        return jnp.take_along_axis(values, k[:, None] + shift, 1)[:, 0]

    xi = (at - pick(knots_x)) / pick(widths)
    s = pick(heights) / pick(widths)
    top = pick(heights) * (s * xi**2 + pick(slopes) * xi * (1 - xi))
    bottom = s + (pick(slopes, 1) + pick(slopes) - 2 * s) * xi * (1 - xi)
    return pick(knots_y) + top / bottom


# What students may plausibly write; each must pass, with its VJP where it has one, and give what JAX gives.
HONEST: dict[str, Callable[..., Any]] = {
    "scan": lambda x: lax.scan(lambda c, row: (c + row, c * row), jnp.zeros(14), x),
    "while_loop": lambda x: lax.while_loop(lambda c: c[0] < 5, lambda c: (c[0] + 1, c[1] * 2), (0, x)),
    "fori_loop": lambda x: lax.fori_loop(0, 5, lambda i, c: c + i * x, x),
    "cond": lambda x: lax.cond(x.sum() > 0, jnp.sin, jnp.cos, x),
    "switch": lambda x: lax.switch(jnp.argmax(x[0]) % 3, [jnp.sin, jnp.cos, jnp.tan], x),
    "sort": jnp.sort,
    "sort downwards": lambda x: jnp.sort(x, descending=True),
    "sort bfloat16": lambda x: jnp.sort(x.astype(jnp.bfloat16)).astype(jnp.float32),
    "sort integers": lambda x: jnp.sort((100 * x).astype(jnp.uint8)),
    "sort complex": lambda x: jnp.sort(x + 1j).real,
    "lexsort": lambda x: jnp.lexsort((x[0], x[1], x[2])),
    "sort by two keys": lambda x: lax.sort((x, x * 2, x * 3), num_keys=2),
    "argsort": jnp.argsort,
    "argsort, not stable": lambda x: jnp.argsort(x, stable=False),
    "top_k": lambda x: lax.top_k(x, 3),
    "argmax": lambda x: jnp.argmax(x, 1),
    "median": lambda x: jnp.median(x, 0),
    "percentile": lambda x: jnp.percentile(x, jnp.array([16.0, 50.0, 84.0]), axis=0),
    "unique": lambda x: jnp.unique(x, size=5),
    "cumsum": jnp.cumsum,
    "cumprod": jnp.cumprod,
    "cumlogsumexp": lax.cumlogsumexp,
    "associative_scan": lambda x: lax.associative_scan(jnp.add, x),
    "logsumexp": lambda x: jax.nn.logsumexp(x, 0),
    "solve": lambda x: jnp.linalg.solve(square(x), x),
    "inv": lambda x: jnp.linalg.inv(square(x)),
    "cholesky": lambda x: jnp.linalg.cholesky(square(x)),
    "cholesky of a batch": lambda x: jnp.linalg.cholesky(square(x) + x[:3, 0, None, None] ** 2),
    "svd": lambda x: jnp.linalg.svd(x, full_matrices=False)[1],
    "svd, whole": lambda x: jnp.linalg.svd(x)[1],
    "singular values": lambda x: jnp.linalg.svd(x, compute_uv=False),
    "eigh": lambda x: jnp.linalg.eigh(square(x))[0],
    "qr": lambda x: jnp.linalg.qr(x.T)[1],
    "det": lambda x: jnp.linalg.det(square(x)),
    "slogdet": lambda x: jnp.linalg.slogdet(square(x)),
    "pinv": lambda x: jnp.linalg.pinv(x),
    "lstsq": lambda x: jnp.linalg.lstsq(x.T, x[0])[0],
    "solve_triangular": lambda x: jax.scipy.linalg.solve_triangular(square(x), x, lower=True),
    "triangular from the right": lambda x: lax.linalg.triangular_solve(square(x), x.T, transpose_a=True),
    "expm": lambda x: jax.scipy.linalg.expm(square(x) / 100),
    "fft": lambda x: jnp.abs(jnp.fft.fft(x)),
    "rfft": lambda x: jnp.fft.irfft(jnp.fft.rfft(x)),
    "convolve": lambda x: jnp.convolve(x[0], V),
    "conv": lambda x: lax.conv(x[None, None], x[None, None, :3, :3], (1, 1), "SAME"),
    "einsum": lambda x: jnp.einsum("ij,kj,kl->il", x, x, x),
    "matmul in highest precision": lambda x: jnp.dot(x, x.T, precision="highest"),
    "random.normal": lambda x: x + jax.random.normal(KEY, x.shape),
    "random.categorical": lambda x: jax.random.categorical(KEY, x),
    "random.permutation": lambda x: jax.random.permutation(KEY, x),
    "random.choice": lambda x: jax.random.choice(KEY, x[0], (3,), replace=False),
    "random.gamma": lambda x: jax.random.gamma(KEY, V) + x[0, 0],
    "random.truncated_normal": lambda x: x[0, :3] + jax.random.truncated_normal(KEY, -1, 1, (3,)),
    "random.multivariate_normal": lambda x: jax.random.multivariate_normal(KEY, V, square(x)),
    "random.key": lambda x: x + jax.random.normal(jax.random.split(jax.random.key(3))[0], x.shape),
    "random, rbg": lambda x: x + jax.random.normal(jax.random.key(3, impl="rbg"), x.shape),
    "erf": jax.scipy.special.erf,
    "erf_inv": jax.scipy.special.erfinv,
    "digamma": lambda x: jax.scipy.special.digamma(x + 2),
    "lgamma": lambda x: jax.scipy.special.gammaln(x + 2),
    "betainc": lambda x: jax.scipy.special.betainc(2.0, 3.0, x**2),
    "gammainc": lambda x: jax.scipy.special.gammainc(2.0, x**2),
    "i0e": jax.scipy.special.i0e,
    "arcs": lambda x: jnp.arcsin(x / 2) + jnp.arccos(x / 2) + jnp.arctan(x) + jnp.arctanh(x / 2),
    "hyperbolic": lambda x: jnp.sinh(x) + jnp.cosh(x) + jnp.arcsinh(x) + jnp.arccosh(x + 3),
    "norm.cdf": jax.scipy.stats.norm.cdf,
    "gaussian_kde": lambda x: jax.scipy.stats.gaussian_kde(x[0])(x[1]),
    "interp": lambda x: jnp.interp(x, V, V**2),
    "searchsorted": lambda x: jnp.searchsorted(V, x),
    "histogram": lambda x: jnp.histogram(x, 10)[0],
    "digitize": lambda x: jnp.digitize(x, V),
    "bincount": lambda x: jnp.bincount((x > 0).astype(int).ravel(), length=3),
    "segment_sum": lambda x: jax.ops.segment_sum(x, jnp.arange(8) // 2, 4),
    "gather": lambda x: x[jnp.array([1, 2]), jnp.array([3, 4])],
    "scatter": lambda x: x.at[jnp.array([1, 2])].set(3.0).at[0].add(1.0).at[:, 1].max(0.5),
    "take_along_axis": lambda x: jnp.take_along_axis(x, jnp.argsort(x), 1),
    "dynamic_slice": lambda x: lax.dynamic_slice(x, (jnp.argmax(x[:, 0]) - 7, 0), (2, 2)),
    "pad and roll": lambda x: jnp.roll(jnp.pad(x, 1), 2, axis=1)[::-1],
    "nested where": lambda x: jnp.where(x > 0, jnp.where(x > 0.5, x, 0), -x),
    "integers": lambda x: (((9 * x).astype(int) & 3) << 2) ^ 5,
    "rounding": lambda x: jnp.round(x) + jnp.floor(x) + jnp.ceil(x) + jnp.sign(x) + x % 0.3,
    "complex": lambda x: jnp.abs(jnp.exp(1j * x)),
    "bfloat16": lambda x: (x.astype(jnp.bfloat16) * 2).astype(jnp.float32),
    "float16": lambda x: (x.astype(jnp.float16) * 2).astype(jnp.float32),
    "float8": lambda x: x.astype(jnp.float8_e4m3fn).astype(jnp.float32),
    "max_pool": lambda x: nn.max_pool(x[None, :, :, None], (2, 2)),
    "no rows": lambda x: x[:0] + 1,
    "checkpoint": jax.checkpoint(lambda x: jnp.sin(jnp.sin(x))),
    "stop_gradient": lambda x: lax.stop_gradient(x) * x,
    "custom_jvp": clipped,
    "vmap with a collective": lambda x: jax.vmap(lambda row: lax.psum(row, "i"), axis_name="i")(x),
    "hessian": lambda x: jax.hessian(lambda row: jnp.sin(row).sum())(x[0]),
    "jitted inside": lambda x: jax.jit(jnp.sin, donate_argnums=0)(jax.jit(jnp.cos)(x)),
    "activations": lambda x: sum(f(x) for f in (jax.nn.gelu, jax.nn.silu, jax.nn.elu, jax.nn.selu, jax.nn.softplus)),
    "attention": lambda x: jax.nn.dot_product_attention(*3 * (x[None, :, None],)),
    "conjugate gradient": lambda x: jax.scipy.sparse.linalg.cg(square(x), V)[0],
    "Dense": network(nn.Dense(3)),
    "Dense, orthogonal": network(nn.Dense(3, kernel_init=nn.initializers.orthogonal())),
    "Dropout": network(nn.Dropout(0.3, deterministic=False)),
    "LayerNorm": network(nn.LayerNorm()),
    "BatchNorm": network(nn.BatchNorm(use_running_average=True)),
    "Conv": lambda x: network(nn.Conv(4, (3,)))(x[..., None]),
    "MultiHeadAttention": lambda x: network(nn.MultiHeadDotProductAttention(2, qkv_features=4))(x[None]),
    "recurrent": lambda x: network(nn.RNN(nn.GRUCell(4)))(x[None]),
    "log_prob of a mixture": lambda x: mixture(x).log_prob(x[:, 0]),
    "cdf of a mixture": lambda x: mixture(x).cdf(x[:, 0]),
    "sample of a mixture": lambda x: mixture(x).sample(3, seed=KEY),
    "StudentT": lambda x: tfd.StudentT(3.0, x, 1.0).log_prob(0.0),
    "Beta": lambda x: tfd.Beta(2.0, 3.0).log_prob(x**2 / 2 + 0.1),
    "kl_divergence": lambda x: tfd.kl_divergence(tfd.Normal(x, 1.0), tfd.Normal(0.0, 1.0)),
    "SinhArcsinh": lambda x: tfd.SinhArcsinh(x, 1.0, 0.1).log_prob(0.0),
    "RealNVP": lambda x: tfb.RealNVP(7, shift_and_log_scale_fn=lambda a, n, **_: (a, a)).forward(x),
    "spline": spline,
    "a step of Adam": lambda x: optax.adam(1e-3).update(x, optax.adam(1e-3).init(x))[0],
}  # fmt: skip
# No reverse mode: JAX itself has none.
FORWARD_ONLY = {"while_loop", "svd, whole"}


def exported(function: Callable[..., Any], vjp: bool = True, run: bool = False) -> Program:
    """What capture makes of a function of X, run in plain Python or not."""
    call = Call("f", function, (X,), differentiable=vjp)
    return export_call(call, jax.tree.leaves(function(X)) if run else None, "own")


def answer(program: Program) -> Programs:
    """The program as the judge takes it."""
    return Programs(CapturedQuestion("f", "captured", programs=(program,)), "own")
