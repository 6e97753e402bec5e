"""What usual mistakes would give: sentence -> value, so that a message can name the one that was made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.exercises.epistemic.line import NOISE_SCALE, LineData, MeanField, joined, kl, softplus

Array = np.ndarray


def of_divergence(loc: Sequence[Array], rho: Sequence[Array]) -> dict[str, float]:
    """Mistaken divergences of a mean-field Normal with these leaves from N(0, 1)."""
    locs, rhos, scales = joined(loc), joined(rho), softplus(joined(rho))
    each = (scales**2 + locs**2 - 1) / 2 - np.log(scales)
    positive = np.abs(rhos)
    return {
        "It is KL(prior || q), the divergence the other way round: the expectation must be over q.": np.sum(
            np.log(scales) + (1 + locs**2) / (2 * scales**2) - 0.5
        ),
        "It is the mean over the weights; divergences of independent weights add up: take the sum.": each.mean(),
        "It has the opposite sign: a divergence is never negative.": -each.sum(),
        "It is the sum over leaves of each leaf's mean: sum over the entries as well.": sum(
            kl(a, softplus(b)) / max(np.size(a), 1) for a, b in zip(loc, rho, strict=True)
        ),
        "It counts the first leaf alone: sum over all leaves of the tree.": kl(loc[0], softplus(rho[0])),
        "The scale is taken as exp(rho); here it is softplus(rho) = log(1 + exp(rho)).": kl(
            locs, np.exp(rhos)
        ),
        "The scale is taken as `rho` itself; it is `jax.nn.softplus(rho)`, which is positive.": kl(
            locs, positive
        ),
        "softplus(rho) is taken as the variance; it is the scale, the standard deviation.": kl(
            locs, np.sqrt(scales)
        ),
        "The constant is missing: -1/2 for each weight.": each.sum() + 0.5 * len(locs),
        "The -1/2 is counted once instead of once for each weight.": each.sum() + 0.5 * (len(locs) - 1),
        "-log(scale) counts in full, the rest by half: here log(scale) was halved too, or the rest was not.": np.sum(
            (scales**2 + locs**2 - 1 - np.log(scales)) / 2
        ),
        "The half is missing: (scale^2 + loc^2 - 1) / 2.": np.sum(scales**2 + locs**2 - 1 - np.log(scales)),
        "The width of q is left out: this is the squared length of `loc` alone.": np.sum(locs**2) / 2,
    }


def of_loss(data: LineData, q: MeanField) -> dict[str, float]:
    """Mistaken losses of a q that is so narrow that its draws are its centre."""
    b, divergence = len(data.y), kl(q.loc, q.scale)

    def nll(noise: float) -> float:
        return float(data.negative_log_likelihood(q.loc, noise))

    right, constant = nll(NOISE_SCALE), b * np.log(NOISE_SCALE * np.sqrt(2 * np.pi))
    squares = (right - constant) * 2 * NOISE_SCALE**2
    every_pair = (
        float(np.mean((data.y[:, None] - data.design @ q.loc) ** 2)) * b / (2 * NOISE_SCALE**2) + constant
    )
    broadcast = "somewhere shapes (b,) and (b, 1) were broadcast to (b, b). Keep both (b,)."
    totals = {
        "The divergence is not divided by the number of points, the likelihood is: divide both.": b
        * divergence
        + right,
        "It is not divided by the number of points.": b * (divergence + right),
        "The likelihood has the wrong sign: it is to be large, hence the minus before its logarithm.": divergence
        - right,
        "The divergence has the wrong sign: the approximation is to stay near the prior.": right - divergence,
        "It has the opposite sign: a loss is minimised, the evidence lower bound is maximised.": -divergence
        - right,
        "The divergence from the prior is missing.": right,
        "The noise is taken as 1; it is `noise_scale`.": divergence + nll(1.0),
        "`noise_scale` is taken as the variance; it is the standard deviation.": divergence
        + nll(NOISE_SCALE**0.5),
        "`noise_scale` is squared before it is used as a standard deviation.": divergence
        + nll(NOISE_SCALE**2),
        "The constant of the Normal, log(noise_scale * sqrt(2 pi)) for each point, is missing.": divergence
        + right
        - constant,
        "It has squared residuals where the log likelihood belongs, which divides them by 2 noise_scale^2.": divergence
        + squares,
        f"It averages over every pair of a y and a prediction: {broadcast}": divergence + every_pair,
        f"It adds up every pair of a y and a prediction: {broadcast}": divergence + b * every_pair,
    }
    return {sentence: total / b for sentence, total in totals.items()}


def of_decomposition(means: Array, variances: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """Mistaken aleatoric and epistemic parts of these means and variances, (s, b) each."""
    swapped = "The two parts are swapped: return (aleatoric, epistemic)."
    return (
        {
            swapped: means.var(axis=0),
            "It is the mean of the standard deviations; variances are what adds up.": np.sqrt(variances).mean(
                axis=0
            ),
            "It is the root of the mean, a standard deviation; the variance is asked for.": np.sqrt(
                variances.mean(axis=0)
            ),
            "It is the sum over the samples; take the mean.": variances.sum(axis=0),
            "It is the total variance: the variance of the means belongs to the other part.": variances.mean(
                axis=0
            )
            + means.var(axis=0),
            "It is the variance of the variances; take their mean.": variances.var(axis=0),
            "It is the average over all points as well; average over the samples alone, axis 0.": np.full(
                means.shape[1], variances.mean()
            ),
        },
        {
            swapped: variances.mean(axis=0),
            "It is divided by s - 1 (`ddof=1`); the law of total variance divides by s.": means.var(
                axis=0, ddof=1
            )
            if len(means) > 1
            else np.nan,
            "It is a standard deviation; the variance is asked for.": means.std(axis=0),
            "It is the total variance: the mean of the variances belongs to the other part.": variances.mean(
                axis=0
            )
            + means.var(axis=0),
            "It is the variance of the variances; the epistemic part is how much the *means* differ.": variances.var(
                axis=0
            ),
            "It is the mean of the squared means; subtract the square of their mean.": (means**2).mean(
                axis=0
            ),
        },
    )
