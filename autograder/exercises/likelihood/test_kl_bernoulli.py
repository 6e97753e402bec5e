"""Checks of `kl_bernoulli`: a sum of two terms, in nats, with its arguments in order."""

import numpy as np

from autograder.exercises.checking import expect_result, family, likely_cause
from autograder.exercises.spec import BATCH, SINGLE

pytestmark = family("correct")

_FORMULA = "It is p log(p / q) + (1 - p) log((1 - p) / (1 - q)), with natural logarithms."


def _kl(p, q):
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


def _mistakes(p, q):
    first, second = p * np.log(p / q), (1 - p) * np.log((1 - p) / (1 - q))
    return {
        "The arguments are swapped: this is KL(Bernoulli(q) || Bernoulli(p)), where the average is taken over q.": _kl(
            q, p
        ),
        "This is in bits: nats have the natural logarithm, `jnp.log`.": _kl(p, q) / np.log(2),
        "The term of label 0 is missing: it has probability 1 - p, and q gives it 1 - q.": first,
        "The term of label 1 is missing: it has probability p, and q gives it q.": second,
        "It has the wrong sign: a divergence is never negative.": -_kl(p, q),
        "This is the average of the divergences both ways; the one asked for goes from p to q alone.": (
            _kl(p, q) + _kl(q, p)
        )
        / 2,
        "This is the sum of the divergences both ways; the one asked for goes from p to q alone.": _kl(p, q)
        + _kl(q, p),
        "This is the cross entropy: the entropy of p has to be taken off.": -p * np.log(q)
        - (1 - p) * np.log(1 - q),
        "The term of label 0 is subtracted; both terms are added.": first - second,
    }


def test_output_shape(answer):
    """Returns float32 divergences, shape (b,)."""
    expect_result(
        answer,
        "kl_bernoulli",
        (BATCH,),
        "The divergence",
        {(): "One divergence for each pair of p and q is asked for, no mean and no sum over them."},
    )


def test_is_the_divergence(answer, probe):
    """Is the Kullback-Leibler divergence from p to q, in nats."""
    for batch in (BATCH, SINGLE):
        p, q = (1 / (1 + np.exp(-probe.random.uniform(-5, 5, (2, batch))))).astype(np.float32)
        seen, exact = answer("kl_bernoulli", p, q), (p.astype(np.float64), q.astype(np.float64))
        hint = likely_cause(seen, _mistakes(*exact), otherwise=_FORMULA)
        probe.compare(seen, _kl(*exact), "The divergence", hint)
