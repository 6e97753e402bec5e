"""How fast is `clustermass.fit`? One epoch against hand-written JAX loops and PyTorch, on the same cores.

    python benchmarks/training_speed.py [--rounds 5] [--clusters 200000]

The network of the lecture (14 features, layers 128-128-64-1), 200,000 clusters in batches of 512, Adam.
The contestants take turns, so that a busy machine slows all of them; each one's time is the median of its
rounds, after one round of warming up (compilation). What counts are the ratios. PyTorch runs twice: fed by a
`DataLoader`, as its tutorials write it, and by indexing tensors, the quickest loop we know. Exit status 1 if
`fit` misses a target.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax

from clustermass.training import fit

BATCH, LAYERS = 512, (128, 128, 64)
FASTER_THAN_TORCH, SLOWER_THAN_BY_HAND = 2.5, 1.1  # the second leaves room for noise, not for a slower loop

FIT, STEP_LOOP, SCAN_LOOP = "clustermass.fit", "JAX, step in a Python loop", "JAX, scan"
TORCH_TUTORIAL, TORCH_QUICK = "PyTorch, DataLoader", "PyTorch, tensors indexed"

Epoch = Callable[[], Any]


class MLP(nn.Module):
    """(b, 14) -> (b, 1)."""

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        """Two ReLU layers and one of tanh, as in the lecture."""
        first, second, third = LAYERS
        x = nn.relu(nn.Dense(first)(x))
        x = nn.relu(nn.Dense(second)(x))
        return nn.Dense(1)(nn.tanh(nn.Dense(third)(x)))


model, tx = MLP(), optax.adam(1e-3)


def loss_fn(params: Any, x: jax.Array, y: jax.Array) -> jax.Array:
    """Mean squared error."""
    return jnp.mean((model.apply(params, x) - y) ** 2)


def update(state: Any, x: jax.Array, y: jax.Array) -> Any:
    """One step of Adam, as the lecture writes it."""
    params, opt_state = state
    loss, gradients = jax.value_and_grad(loss_fn)(params, x, y)
    updates, opt_state = tx.update(gradients, opt_state)
    return (optax.apply_updates(params, updates), opt_state), loss


def fit_epoch(params: Any, x: np.ndarray, y: np.ndarray) -> Epoch:
    """`clustermass.fit` as a notebook calls it, tracing and history included: three epochs."""
    return lambda: fit(loss_fn, params, x, y, optimizer=tx, epochs=3, batch_size=BATCH, progress=False)


def step_loop(params: Any, x: np.ndarray, y: np.ndarray) -> Epoch:
    """A compiled step, called from a Python loop."""
    step, order = jax.jit(update), np.random.default_rng(0)

    def epoch() -> None:
        state = (params, tx.init(params))
        for rows in order.permutation(len(x))[: len(x) // BATCH * BATCH].reshape(-1, BATCH):
            state, _ = step(state, x[rows], y[rows])
        jax.block_until_ready(state)

    return epoch


def scan_loop(params: Any, x: np.ndarray, y: np.ndarray) -> Epoch:
    """A whole epoch compiled: shuffle all rows once, then scan over the batches."""
    data, keys = (jnp.asarray(x), jnp.asarray(y)), iter(jax.random.split(jax.random.PRNGKey(0), 1000))

    @jax.jit
    def run(state: Any, key: jax.Array, x: jax.Array, y: jax.Array) -> Any:
        rows = jax.random.permutation(key, len(x))[: len(x) // BATCH * BATCH]
        batches = x[rows].reshape(-1, BATCH, x.shape[1]), y[rows].reshape(-1, BATCH, 1)
        return jax.lax.scan(lambda state, batch: update(state, *batch), state, batches)

    return lambda: jax.block_until_ready(run((params, tx.init(params)), next(keys), *data))


def torch_epochs(x: np.ndarray, y: np.ndarray) -> dict[str, Epoch]:
    """The same network and optimiser in PyTorch, fed in two ways; nothing where it is not installed."""
    try:
        import torch
    except ModuleNotFoundError:
        print("PyTorch is not installed, so it is left out: pip install 'clustermass[bench]' brings it.")
        return {}
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
    first, second, third = LAYERS
    network = torch.nn.Sequential(
        torch.nn.Linear(x.shape[1], first),
        torch.nn.ReLU(),
        torch.nn.Linear(first, second),
        torch.nn.ReLU(),
        torch.nn.Linear(second, third),
        torch.nn.Tanh(),
        torch.nn.Linear(third, 1),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    data = torch.utils.data.TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
    loader = torch.utils.data.DataLoader(data, BATCH, shuffle=True, drop_last=True)

    def train(batches: Iterable[Any]) -> None:
        for features, targets in batches:
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(network(features), targets).backward()
            optimizer.step()

    def indexed() -> Iterable[Any]:
        order = torch.randperm(len(data))[: len(data) // BATCH * BATCH]
        return (data[rows] for rows in order.reshape(-1, BATCH))

    return {TORCH_TUTORIAL: lambda: train(loader), TORCH_QUICK: lambda: train(indexed())}


def measure(contestants: dict[str, tuple[Epoch, int]], rounds: int) -> dict[str, float]:
    """Median seconds an epoch of each contestant, given as (what to call, epochs it runs), taking turns."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for round_ in range(rounds + 1):
        for name, (run, epochs) in contestants.items():
            start = time.perf_counter()
            run()
            if round_:
                times[name].append((time.perf_counter() - start) / epochs)
    return {name: median(seconds) for name, seconds in times.items()}


def report(seconds: dict[str, float]) -> bool:
    """Print times and ratios; say whether `fit` meets its targets."""
    ours = seconds[FIT]
    for name, value in seconds.items():
        print(f"{name:<28} {value:6.3f} s an epoch   {value / ours:5.2f} x fit")
    by_hand = min(seconds[STEP_LOOP], seconds[SCAN_LOOP])
    good = ours <= SLOWER_THAN_BY_HAND * by_hand
    print(f"\nfit takes {ours / by_hand:.2f} x the best loop by hand (target: at most {SLOWER_THAN_BY_HAND})")
    if TORCH_TUTORIAL in seconds:
        ratio = seconds[TORCH_TUTORIAL] / ours
        print(f"fit is {ratio:.2f} x faster than {TORCH_TUTORIAL} (target: at least {FASTER_THAN_TORCH})")
        print(f"fit is {seconds[TORCH_QUICK] / ours:.2f} x faster than {TORCH_QUICK} (no target)")
        good = good and ratio >= FASTER_THAN_TORCH
    return good


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clusters", type=int, default=200_000)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    x = rng.normal(size=(options.clusters, 14)).astype(np.float32)
    y = (x[:, :1] + 0.1 * rng.normal(size=(options.clusters, 1))).astype(np.float32)
    params = model.init(jax.random.PRNGKey(0), x[:1])
    contestants = {
        FIT: (fit_epoch(params, x, y), 3),
        STEP_LOOP: (step_loop(params, x, y), 1),
        SCAN_LOOP: (scan_loop(params, x, y), 1),
    }
    print(
        f"JAX {jax.__version__} on {jax.devices()[0].device_kind}; "
        f"{options.clusters} clusters, batches of {BATCH}"
    )
    if os.getloadavg()[0] > 0.5:
        print(
            "The machine is busy, so the ratios mean little: PyTorch's threads suffer most from neighbours."
        )
    contestants |= {name: (epoch, 1) for name, epoch in torch_epochs(x, y).items()}
    return 0 if report(measure(contestants, options.rounds)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
