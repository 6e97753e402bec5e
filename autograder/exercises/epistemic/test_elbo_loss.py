"""Checks of `elbo_loss`: one reparameterised draw of the line's weights, over many keys, against closed forms."""

import jax
import numpy as np

from autograder.exercises.checking import expect_result, fail, family, likely_cause
from autograder.exercises.epistemic import mistakes
from autograder.exercises.epistemic.draws import DRAWS, Draws, trained
from autograder.exercises.epistemic.line import POINTS, LineData, MeanField
from autograder.exercises.spec import SINGLE
from clustermass.statistics import ks_distance

pytestmark = family("correct")

# Measured by benchmarks/epistemic_tolerances.py, whose table stands in docs/decisions/0009.
# In standard errors of a mean over DRAWS keys:
SIGMAS = 6.0
# Standard deviation of the draws, of which a single one is known to 1.1 %:
WIDTH = 0.06
KS = 0.04
# The trained q: centres in units of the exact widths, and widths relative to these.
CENTRE, RELATIVE_WIDTH = 0.35, 0.15

_NAMES = ("intercept", "slope")
_HINT = (
    "It is (KL - sum over the points of log Normal(y; predict(w, x), noise_scale)) / b for one draw "
    "w = loc + scale * e, e from N(0, 1), of the weights."
)


def test_shape_is_scalar(answer):
    """Returns a float32 scalar."""
    expect_result(answer, "elbo_loss", (), "The loss")


def test_without_width(answer, probe):
    """Is divergence minus log likelihood, per point, where q has hardly any width and every draw is its centre."""
    for batch in (POINTS, SINGLE):
        data = LineData.draw(probe.random, batch)
        q = MeanField(loc=probe.random.normal(size=2), rho=np.full(2, -10.0))
        seen = answer("elbo_loss", q.leaves, probe.random.integers(2**32, size=2), *data.arguments)
        what = "The loss of a q of hardly any width"
        what = what if batch > 1 else f"{what}, with a single point"
        cause = likely_cause(seen, mistakes.of_loss(data, q), _HINT)
        probe.compare(seen, data.loss_at(q, q.loc), what, cause, atol=2e-3)


def _draws(answer, probe):
    return answer.once(f"draws {probe.public}", lambda: Draws.take(answer, probe.random))


def test_draws_the_weights(answer, probe, progress):
    """Draws both weights from q, independently, by a draw that moves with loc and scale."""
    progress("drawing weights with many keys", 0.2 if probe.public else 0.4)
    draws = _draws(answer, probe)
    if np.ptp(draws.losses) < 1e-4 * (1 + np.abs(draws.losses).max()):
        fail(
            "The loss is the same for every key: no weights are drawn. Predict with a draw from q, w = loc + scale * e "
            "with e from `jax.random.normal` and the key, not with its mean."
        )
    if np.ptp(draws.gradients[:, :2], axis=0).min() < 1e-5:
        fail(
            "The loss changes with the key, but its gradient with respect to `loc` does not: no gradient flows through "
            "the draw. Write it as loc + scale * e, and take no `stop_gradient` of it."
        )
    for name, noise in zip(_NAMES, draws.noise.T, strict=True):
        _expect_width(name, float(noise.std()), draws)
    correlation = float(np.corrcoef(draws.noise.T)[0, 1])
    if abs(correlation) > SIGMAS / DRAWS**0.5:
        same = "The same key gives the same e" if correlation > 0.9 else "They must not share random numbers"
        fail(
            f"The draws of slope and intercept have a correlation of {correlation:+.2f}; under q they are independent. "
            f"{same}: split the key, one for each weight."
        )
    for name, noise in zip(_NAMES, draws.noise.T, strict=True):
        if abs(noise.mean()) > SIGMAS / DRAWS**0.5:
            fail(
                f"The draws of the {name} are not centred on `loc`: on average they are off by {noise.mean():+.2f} of "
                "the scale of q. Is e drawn with `jax.random.normal`?"
            )
    distances = [ks_distance(np.asarray(jax.scipy.stats.norm.cdf(noise))) for noise in draws.noise.T]
    if max(distances) > KS:
        fail("The draws have the mean and the width of q, but are not Normal. Use `jax.random.normal`.")


def _expect_width(name, width, draws):
    """Fail unless (draw - loc) / scale of one weight has standard deviation 1."""
    if width < 1 - WIDTH:
        fail(
            f"The draws of the {name} vary too little: {width:.2f} of the scale of q. Draw each weight once, for all "
            "points together: neither one draw for each point nor an average of several. Take e from "
            "`jax.random.normal`; the scale is softplus(rho)."
        )
    if width > 1 + WIDTH:
        exponential = np.exp(draws.q.rho) / draws.q.scale
        cause = (
            "Is the scale exp(rho)? Here it is softplus(rho)."
            if np.allclose(draws.noise.std(axis=0), exponential, rtol=0.04)
            else "The scale is softplus(rho), a standard deviation, and e has variance 1."
        )
        fail(f"The draws of the {name} vary too much: {width:.2f} times the scale of q. {cause}")


def test_uses_one_draw(answer, probe):
    """Has, for each key, the value of one draw of the weights."""
    draws = _draws(answer, probe)
    expected = draws.data.loss_at(draws.q, draws.weights)
    hint = "Use the same draw for every point, and one alone. " + _HINT
    probe.compare(draws.losses, expected, "The loss at the weights that it draws", hint, rtol=2e-3, atol=2e-3)


def test_mean_over_keys(answer, probe):
    """Has the exact expectation as its mean over many keys."""
    draws = _draws(answer, probe)
    expected, error = draws.data.expected_loss(draws.q), draws.losses.std() / DRAWS**0.5
    what = f"The mean of the loss over {DRAWS:,} keys"
    probe.compare(draws.losses.mean(), expected, what, _HINT, rtol=1e-3, atol=1e-3 + SIGMAS * error)


def test_mean_gradient(answer, probe):
    """Has the exact gradient of the expectation as the mean of its gradients."""
    draws = _draws(answer, probe)
    seen, expected = draws.gradients.mean(axis=0), draws.data.expected_gradient(draws.q)
    error = draws.gradients.std(axis=0) / DRAWS**0.5
    names = ("loc of the intercept", "loc of the slope", "rho of the intercept", "rho of the slope")
    hint = "Gradients must flow through the divergence and through the draw, loc + scale * e, to both loc and scale."
    for name, *numbers in zip(names, seen, expected, error, strict=True):
        what = f"The mean over keys of the gradient with respect to the {name}"
        probe.compare(*numbers[:2], what, hint, rtol=2e-3, atol=2e-3 + SIGMAS * numbers[2])


def test_finds_the_best_mean_field(answer, probe, progress):
    """Leads Adam to the best mean-field approximation of the exact posterior."""
    progress("training with your loss", 0.6 if probe.public else 0.8)
    data, q = trained(answer, probe.random)
    mean, width = data.best_mean_field()
    distance = float(np.abs((q.loc - mean) / width).max())
    ratio = q.scale / width
    probe.require(
        np.isfinite(distance) and distance < CENTRE,
        "Trained with it, the approximation does not centre on the mean of the exact posterior.",
        f"It is off by {distance:.2g} of its width.",
    )
    probe.require(
        np.abs(np.log(ratio)).max() < RELATIVE_WIDTH,
        "Trained with it, the approximation does not get the width of the best mean-field approximation.",
        f"The widths are {ratio[0]:.2f} (intercept) and {ratio[1]:.2f} (slope) of what they should be.",
    )
