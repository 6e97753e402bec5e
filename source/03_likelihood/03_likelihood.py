# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Where loss functions come from
#
# In `02_regression` a network with a mean squared error did what it was told, and its masses were biased.
# Before the cure (`04_mdn`) comes a question: where did that loss come from? We took it because everybody
# does. Here you derive it, and others, from one idea: *a network returns a probability distribution, and
# training makes it as close as possible to that of the data.*
#
# We do it for the simplest distribution there is, the answer to a question with yes or no: *is this cluster
# heavier than $10^{14}\,h^{-1} M_\odot$?* Then you will see the same prior that spoiled the masses, in a
# form so simple that it can be taken out with a single addition.
#
# You write four short functions (`kl_bernoulli`, `bernoulli_nll`, `gaussian_nll`, `shift_prior`) and a
# network (`Classifier`). As before, `autograder.check(…)` below each answer tells you how you did, and
# cells whose answers are missing say what they wait for. The whole notebook runs in less than a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
import autograder

autograder.begin("03_likelihood", version="0.1.0")

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
from tensorflow_probability.substrates import jax as tfp

import clustermass
from clustermass import load_catalog, plots
from clustermass.reliability import reliability

tfd = tfp.distributions

# %% [markdown] nbgrader={"grade": false, "grade_id": "data-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A question with two answers
#
# We have data points $(x, c)$: we observe $x$ and want to predict $c$. In the textbook $x$ is an image and
# $c$ says whether it shows a cat or a dog. Our $x$ are the 14 features of `02_regression`, standardised,
# and our label says on which side of a limit the mass lies:
#
# $$ c = \begin{cases} 1 & \text{if } M_{200\mathrm c} > 10^{14}\,h^{-1} M_\odot, \text{ i.e. } y =
#    \log_{10}(M_{200\mathrm c} / 10^{14}\,h^{-1} M_\odot) > 0, \\ 0 & \text{otherwise.} \end{cases} $$
#
# *(The first run simulates the catalogue, about 5 s on two cores.)*

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
catalog = load_catalog()
train, test = catalog.split(train=200_000, seed=0)
x_train, y_train = train.arrays()
x_test, y_test = test.arrays()
above_train = (y_train[:, 0] > 0).astype(np.float32)  # the labels, (b,): 1 above 10^14 h^-1 Msun, else 0
above_test = (y_test[:, 0] > 0).astype(np.float32)
print(f"{len(above_train):,} clusters to train on, of which {above_train.mean():.1%} are above 10^14")

# %% [markdown] nbgrader={"grade": false, "grade_id": "posterior-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The features do not settle the question: near the limit, light clusters and heavy ones look alike. So the
# honest answer is a probability. A distribution over two outcomes is a *Bernoulli distribution*; it has one
# parameter $f$, the probability of label 1:
#
# $$ \mathrm{Bernoulli}(c;\,f) = f^{\,c}\,(1 - f)^{1-c} = \begin{cases} f & c = 1, \\ 1 - f & c = 0. \end{cases} $$
#
# Our model of the posterior $p(c\,|\,x)$ is then a Bernoulli distribution whose parameter depends on $x$,
# through a network with weights $\theta$:
#
# $$ q_\theta(c\,|\,x) = \mathrm{Bernoulli}\bigl(c;\ f_\theta(x)\bigr) . $$
#
# Two things are needed to find $\theta$: data, and a way of telling how far one distribution is from
# another.
#
# ### Step 1: data, and what comes with them unasked
#
# Ask a search engine for cats and for dogs, and put the pictures in one folder. Two distributions have gone
# into it that nobody wrote down:
#
# * the **implicit prior** $p(c)$: what fraction of the pictures are cats. *You* decided that, perhaps
#   without noticing, when you stopped the download.
# * the **implicit likelihood** $p(x\,|\,c)$: what cats look like. The search engine decided that: there are
#   more cats that look into the camera than in the street.
#
# A training set is a sample of $p(x, c) = p(x\,|\,c)\,p(c)$, and of nothing else. What can be learned from
# it is *its* posterior, by Bayes' theorem
#
# $$ p(c\,|\,x) = \frac{p(x\,|\,c)\,p(c)}{p(x\,|\,0)\,p(0) + p(x\,|\,1)\,p(1)} . $$
#
# For clusters it is the same. The fraction above $10^{14}$ is that of the catalogue, $p(c{=}1) \approx
# 0.2$, but one could also collect as many clusters of either kind, as one would with cats and dogs. The
# next cell does: all those above the limit, and equally many of those below, drawn at random.

# %% nbgrader={"grade": false, "grade_id": "balance", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)


def balance(labels):
    """Rows of all labels 1 and of equally many labels 0, drawn at random, in random order."""
    ones, zeros = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    return rng.permutation(np.concatenate([ones, rng.choice(zeros, size=len(ones), replace=False)]))


balanced_train, balanced_test = balance(above_train), balance(above_test)
for name, rows in (("catalogue", slice(None)), ("balanced", balanced_train)):
    labels = above_train[rows]
    print(f"{name:9s} {len(labels):7,} clusters, implicit prior p(c=1) = {labels.mean():.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "likelihood-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# To see what this does we need no network, only one feature: the velocity dispersion $\sigma_v$. First the
# likelihood, the distribution of $\log_{10}\sigma_v$ among clusters of either kind, counted in bins.

# %% nbgrader={"grade": false, "grade_id": "likelihood", "locked": true, "schema_version": 3, "solution": false, "task": false}
log_dispersion = np.log10(np.asarray(train.table["sigv"]))
edges = np.linspace(2.2, 3.1, 31)
middle = (edges[1:] + edges[:-1]) / 2
collections = {"catalogue": np.arange(len(above_train)), "balanced": balanced_train}


def likelihood(rows, label):
    """p(log sigma_v | c = label) in the bins, from the clusters of these rows, 1/dex."""
    return np.histogram(log_dispersion[rows][above_train[rows] == label], edges, density=True)[0]


plots.curves(
    {
        f"{side} $10^{{14}}$, {name}": (middle, likelihood(rows, label))
        for label, side in ((1, "above"), (0, "below"))
        for name, rows in collections.items()
    },
    title="The implicit likelihood is the same in both collections",
    xlabel=r"$\log_{10}\,\sigma_v$  [km/s]",
    ylabel=r"$p(x\,|\,c)$  [dex$^{-1}$]",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "likelihood-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Distribution of the velocity dispersion among the clusters above the limit (the two curves on the right)
# and below it (left), each from both collections: the curves of a pair lie on top of each other, since
# clusters were left out without looking at their features. The pairs overlap widely, so $\sigma_v$ alone
# does not settle the question: with a neighbour in front or behind, a light cluster can have any
# dispersion.*
#
# Now the posterior, the fraction of clusters above the limit in each bin.


# %% nbgrader={"grade": false, "grade_id": "posterior", "locked": true, "schema_version": 3, "solution": false, "task": false}
def fraction_above(rows):
    """p(c = 1 | log sigma_v) in the bins: counted."""
    everything = np.histogram(log_dispersion[rows], edges)[0]
    ones = np.histogram(log_dispersion[rows][above_train[rows] == 1], edges)[0]
    return ones / everything


def bayes(prior):
    """The same from Bayes' theorem: the likelihoods of the catalogue, and another prior."""
    one, zero = (likelihood(collections["catalogue"], label) for label in (1, 0))
    return one * prior / (one * prior + zero * (1 - prior))


plots.curves(
    {
        "catalogue, counted": (middle, fraction_above(collections["catalogue"])),
        "balanced, counted": (middle, fraction_above(collections["balanced"])),
        "likelihoods of the catalogue, prior 0.5": (middle, bayes(0.5)),
    },
    title="The posterior is not the same: it has the prior in it",
    xlabel=r"$\log_{10}\,\sigma_v$  [km/s]",
    ylabel=r"$p(c{=}1\,|\,x)$",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "posterior-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Fraction of clusters above the limit against velocity dispersion: in the catalogue (solid), and in the
# balanced collection (dashed), where the same cluster looks far more likely to be heavy. Bayes' theorem
# with the likelihoods of the catalogue and a prior of one half (dash-dotted) predicts the second curve
# without having seen that collection. (The very largest dispersions belong to light clusters with another
# one in projection.)*
#
# So "how probable is it that this cluster is heavy?" has no answer until somebody says among which
# clusters. A network that is trained on a collection answers for that collection. Keep this in mind; we
# come back to it.

# %% [markdown] nbgrader={"grade": false, "grade_id": "kl", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A distance between distributions
#
# ### Step 2: a tool to compare distributions
#
# How far is a distribution $q$ from the distribution $p$ that the data follow? Suppose $c$ is drawn from
# $p$. The ratio $p(c)/q(c)$ tells by how much the truth expected this outcome more than the model did; its
# logarithm, averaged over the truth, is the *Kullback-Leibler divergence* (Kullback & Leibler 1951):
#
# $$ \mathrm{KL}(p\,\|\,q) = \sum_c p(c)\,\log \frac{p(c)}{q(c)} , $$
#
# with an integral for continuous variables. It is zero if $p = q$ and positive otherwise (because $-\log$
# is convex: Jensen's inequality). With the natural logarithm its unit is the *nat*.
#
# **Task `kl_bernoulli`.** Return the divergence of two Bernoulli distributions, element by element: `p` and
# `q` are the probabilities of label 1 under $p$ and under $q$, both of shape (b,) and between 0 and 1.


# %% nbgrader={"grade": false, "grade_id": "kl_bernoulli", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_bernoulli(p, q):
    """KL(Bernoulli(p) || Bernoulli(q)) in nats: p (b,), q (b,), probabilities of label 1 -> (b,)."""
    ### BEGIN SOLUTION
    return p * jnp.log(p / q) + (1 - p) * jnp.log((1 - p) / (1 - q))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-kl_bernoulli", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
autograder.check("kl_bernoulli")

# %% [markdown] nbgrader={"grade": false, "grade_id": "asymmetry", "locked": true, "schema_version": 3, "solution": false, "task": false}
# "Distance" is not quite the word: $\mathrm{KL}(p\,\|\,q)$ and $\mathrm{KL}(q\,\|\,p)$ are different, since
# the average is taken over the first of the two. The next figure holds the truth fixed at the fraction of
# the catalogue.

# %% nbgrader={"grade": false, "grade_id": "asymmetry-plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_bernoulli")
p = jnp.float32(above_train.mean())
q = jnp.linspace(0.002, 0.998, 499)
truth = jnp.full_like(q, p)
plots.curves(
    {
        r"KL($p\,\|\,q$), averaged over the truth": (q, kl_bernoulli(truth, q)),
        r"KL($q\,\|\,p$), averaged over the model": (q, kl_bernoulli(q, truth)),
    },
    title=f"Two divergences between a truth of {p:.2f} and a model",
    xlabel=r"the model's probability of label 1, $q$",
    ylabel="divergence [nats]",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "asymmetry-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Both are zero where the model is right. $\mathrm{KL}(p\,\|\,q)$ (solid) grows without bound where the
# model excludes what does happen, at either end; $\mathrm{KL}(q\,\|\,p)$ (dashed) stays finite there: at $q
# = 0$ the model never expects a heavy cluster, so an average over the model never meets one.*
#
# We have samples of the truth and can average over them, so it is $\mathrm{KL}(p\,\|\,q)$ that we can
# minimise. It makes models that leave nothing out.

# %% [markdown] nbgrader={"grade": false, "grade_id": "mle", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Minimising the divergence is maximum likelihood
#
# Split the logarithm of the ratio:
#
# $$ \mathrm{KL}(p\,\|\,q_\theta) = \underbrace{\sum_c p(c) \log p(c)}_{-H(p)}
#    \;-\; \sum_c p(c) \log q_\theta(c) . $$
#
# The first term is minus the *entropy* of the data, $H(p)$. We do not know it, but it does not depend on
# $\theta$. The second, with its minus sign, is the *cross entropy* of $p$ and $q_\theta$: an average over
# the data, and we have a sample $c_1, \dots, c_n$ of them:
#
# $$ -\sum_c p(c) \log q_\theta(c) \;\simeq\; -\frac 1 n \sum_{i=1}^{n} \log q_\theta(c_i)
#    = -\frac 1 n \log \prod_i q_\theta(c_i) . $$
#
# The product is the probability that the model gives to the whole sample, the *likelihood* of $\theta$. So
# the $\theta$ that minimises the divergence is the one that maximises the likelihood, or minimises the mean
# *negative log likelihood* (NLL), and
#
# $$ \text{mean NLL} - H(p) \;\simeq\; \mathrm{KL}(p\,\|\,q_\theta) . $$
#
# Nothing was said of Bernoulli distributions: whatever the model returns, its negative log likelihood is a
# loss function. With features the same holds for $q_\theta(c\,|\,x)$, the divergence being averaged over
# the clusters.

# %% [markdown] nbgrader={"grade": false, "grade_id": "bce", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Binary cross entropy
#
# For a Bernoulli distribution the recipe gives, with $f_i = f_\theta(x_i)$ and a batch of $b$ clusters,
#
# $$ \mathcal L = -\frac 1 b \sum_{i=1}^b \Bigl[ c_i \log f_i + (1 - c_i) \log (1 - f_i) \Bigr] , $$
#
# which is known as the *binary cross entropy*. It was not chosen; it follows.
#
# The probability $f$ must lie between 0 and 1, but a network returns any real number $z$. Call that the
# *logit*, the logarithm of the odds, and compute the probability from it:
#
# $$ z = \log \frac{f}{1 - f} , \qquad f = \mathrm{sigmoid}(z) = \frac 1 {1 + e^{-z}} . $$
#
# Written as it stands, the loss then fails for confident predictions: in float32, numbers below about
# $10^{-38}$ become zero. The next cell computes $\log f$, which is minus the loss of a cluster with label 1:


# %% nbgrader={"grade": false, "grade_id": "underflow", "locked": true, "schema_version": 3, "solution": false, "task": false}
def log_probability(z):
    """log f as it stands: logit () -> ()."""
    return jnp.log(jax.nn.sigmoid(z))


for z in (-10.0, -200.0):
    print(
        f"logit {z:6.0f}: f = {jax.nn.sigmoid(z):.2g}, log f = {log_probability(z):.4g}, "
        f"derivative {jax.grad(log_probability)(z):.4g}"
    )

# %% [markdown] nbgrader={"grade": false, "grade_id": "bce-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# For $z = -200$ the logarithm should be $-200$ and its derivative 1. Instead the loss is infinite, and its
# gradient is not a number: one such cluster in a batch, and all weights of the network are NaN. The remedy
# is to take the logarithm on paper: $-\log f = \log(1 + e^{-z})$ and $-\log(1 - f) = \log(1 + e^{z})$,
# which JAX has as a function that overflows nowhere, `jax.nn.softplus(z)` $= \log(1 + e^z)$.
#
# **Task `bernoulli_nll`.** Return the mean negative log likelihood of the labels (0. or 1.), one number of
# shape (), from the *logits*, both of shape (b,). It and its gradient must be right and finite for logits
# up to $\pm 10{,}000$.


# %% nbgrader={"grade": false, "grade_id": "bernoulli_nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bernoulli_nll(logits, labels):
    """Mean negative log likelihood, i.e. binary cross entropy: logits (b,), labels (b,), 0 or 1 -> (), in nats."""
    ### BEGIN SOLUTION
    return jnp.mean(labels * jax.nn.softplus(-logits) + (1 - labels) * jax.nn.softplus(logits))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-bernoulli_nll", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("bernoulli_nll")

# %% [markdown] nbgrader={"grade": false, "grade_id": "bce-shape", "locked": true, "schema_version": 3, "solution": false, "task": false}
# What does it cost to be wrong?

# %% nbgrader={"grade": false, "grade_id": "bce-plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("bernoulli_nll")
logits = jnp.linspace(-8, 8, 161)


def loss_of_one(z, label):
    """The loss of a single cluster: logit (), label () -> ()."""
    return bernoulli_nll(z[None], jnp.full(1, label))


plots.curves(
    {
        "loss, label 1": (logits, jax.vmap(lambda z: loss_of_one(z, 1.0))(logits)),
        "loss, label 0": (logits, jax.vmap(lambda z: loss_of_one(z, 0.0))(logits)),
        "derivative, label 1": (logits, jax.vmap(jax.grad(lambda z: loss_of_one(z, 1.0)))(logits)),
        "derivative, label 0": (logits, jax.vmap(jax.grad(lambda z: loss_of_one(z, 0.0)))(logits)),
    },
    title="Binary cross entropy of one cluster",
    xlabel=r"logit $z$",
    ylabel="nats",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "bce-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Loss of one cluster and its derivative against the logit, for either label. A confident answer that is
# right costs nothing; one that is wrong costs as many nats as its logit is large. The derivative is $f -
# c$, so a confident mistake pulls with full force. (For comparison: a squared error $(f - c)^2$ would have
# a derivative of almost zero there.)*
#
# ### Does the likelihood know the divergence?
#
# Draw $n$ clusters from the catalogue at random, note their labels, and forget the rest: these are coin
# flips, with probability $p$ of label 1. Now pretend that we do not know $p$ and try all values of $q$. If
# the derivation is right, the mean NLL minus the entropy of the coin is the divergence, within the sampling
# error (that of a mean over $n$ labels).

# %% nbgrader={"grade": false, "grade_id": "flips", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_bernoulli", "bernoulli_nll")
p = float(above_train.mean())
entropy = -p * np.log(p) - (1 - p) * np.log(1 - p)
q = jnp.linspace(0.02, 0.5, 241)
draw = np.random.default_rng(5)
flips = {n: jnp.asarray(draw.choice(above_train, size=n)) for n in (30, 1_000, 100_000)}


@jax.jit
def nll_of_coins(labels):
    """Mean NLL of the labels (n,) under each q, (241,)."""
    log_odds = jnp.log(q / (1 - q))
    return jax.lax.map(lambda z: bernoulli_nll(jnp.full(len(labels), z), labels), log_odds)


excess = {n: nll_of_coins(labels) - entropy for n, labels in flips.items()}
plots.curves(
    {r"KL($p\,\|\,q$)": (q, kl_bernoulli(jnp.full_like(q, p), q))}
    | {f"mean NLL - H(p), {n:,} labels": (q, values) for n, values in excess.items()},
    title="The likelihood of a sample knows the divergence",
    xlabel=r"the model's probability of label 1, $q$",
    ylabel="nats",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "flips-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Divergence from the truth (solid), and what samples know of it. With 100,000 labels (dotted) the two
# cannot be told apart; with 1,000 (dash-dotted) the curve is a little off, with 30 (dashed) a lot, and its
# minimum with it. All meet at $q = 1/2$, where either label costs $\log 2$.*
#
# The same in numbers, for one model that is wrong, $q = 0.05$ (*best q*: where the curve of the sample has
# its minimum):

# %% nbgrader={"grade": false, "grade_id": "flips-table", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_bernoulli", "bernoulli_nll", "excess")
i = int(jnp.argmin(jnp.abs(q - 0.05)))  # a model that is wrong
divergence = float(kl_bernoulli(jnp.full(1, p), q[i : i + 1])[0])
print(f"KL(p || q) for q = 0.05: {divergence:.4f} nats\n")
print("labels   mean NLL - H(p)   sampling error   best q   fraction of ones in the sample")
for n, labels in flips.items():
    error = abs(np.log(q[i] / (1 - q[i]))) * np.sqrt(p * (1 - p) / n)
    print(f"{n:7,} {excess[n][i]:12.4f} {error:17.4f} {q[excess[n].argmin()]:12.3f} {labels.mean():13.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "flips-result", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Within one or two sampling errors, mean NLL minus entropy *is* the divergence; with 30 labels that error
# is so large that it even came out negative. (The error: the mean NLL depends on the sample through its
# fraction of ones alone, with slope $-\log[q/(1-q)]$, and that fraction scatters by $\sqrt{p(1-p)/n}$.) And
# the best $q$ is the fraction of ones *in the sample*: maximum likelihood reproduces the collection that it
# is given, its prior included.

# %% [markdown] nbgrader={"grade": false, "grade_id": "gaussian", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The mean squared error is a likelihood too
#
# Back to masses. If the model returns a Normal distribution with mean $\mu_\theta(x)$ and standard
# deviation $\sigma$,
#
# $$ q_\theta(y\,|\,x) = \frac{1}{\sqrt{2\pi}\,\sigma}
#    \exp\Bigl[-\frac{\bigl(y - \mu_\theta(x)\bigr)^2}{2\sigma^2}\Bigr] , $$
#
# then the recipe gives
#
# $$ \mathcal L = -\frac 1 b \sum_i \log q_\theta(y_i\,|\,x_i)
#    = \frac{1}{2\sigma^2}\,\underbrace{\frac 1 b \sum_i \bigl(y_i - \mu_i\bigr)^2}_{\text{mean squared error}}
#    \;+\; \log\sigma \;+\; \tfrac 1 2 \log 2\pi . $$
#
# **Task `gaussian_nll`.** Return this mean negative log likelihood, constant included, one number of shape
# (), from the means (b,), one standard deviation `sigma` () for all, and the values `y` (b,).


# %% nbgrader={"grade": false, "grade_id": "gaussian_nll", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gaussian_nll(mean, sigma, y):
    """Mean negative log likelihood of Normal(mean, sigma): mean (b,), sigma (), y (b,) -> (), in nats."""
    ### BEGIN SOLUTION
    return jnp.mean((y - mean) ** 2) / (2 * sigma**2) + jnp.log(sigma) + 0.5 * jnp.log(2 * jnp.pi)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-gaussian_nll", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
autograder.check("gaussian_nll")

# %% [markdown] nbgrader={"grade": false, "grade_id": "gaussian-use", "locked": true, "schema_version": 3, "solution": false, "task": false}
# With $\sigma$ held fixed, the likelihood and the mean squared error differ by a factor and a constant, so
# they have the same minimum and gradients in the same direction. And what is the best $\sigma$? Setting the
# derivative with respect to it to zero gives $\sigma^2 = $ mean squared error. Both can be tried on the
# classical estimate of mass, a straight line in $\log\sigma_v$:

# %% nbgrader={"grade": false, "grade_id": "gaussian-plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("gaussian_nll")
slope, intercept = np.polyfit(log_dispersion, y_train[:, 0], 1)
line = jnp.asarray(slope * log_dispersion + intercept, jnp.float32)
masses = jnp.asarray(y_train[:, 0])


def squared_error(mean, y):
    """Mean squared error, dex^2."""
    return jnp.mean((mean - y) ** 2)


sigma = jnp.float32(0.2)
ratio = jax.grad(gaussian_nll)(line, sigma, masses) / jax.grad(squared_error)(line, masses)
rms = float(jnp.sqrt(squared_error(line, masses)))
print(f"gradient of the NLL / gradient of the MSE, over all clusters: {ratio.min():.3f} to {ratio.max():.3f}")
print(f"1 / (2 sigma^2): {1 / (2 * sigma**2):.3f}")

sigmas = jnp.geomspace(0.1, 1.0, 200)
losses = jax.lax.map(lambda s: gaussian_nll(line, s, masses), sigmas)
print(
    f"lowest NLL at sigma = {sigmas[losses.argmin()]:.3f} dex; root of the mean squared error: {rms:.3f} dex"
)
plots.curves(
    {"mean NLL of the straight line": (sigmas, losses)},
    title="How wide is the Normal that fits best?",
    xlabel=r"$\sigma$  [dex]",
    ylabel="mean NLL [nats]",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "gaussian-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Mean negative log likelihood of 200,000 masses under a Normal of width $\sigma$ about the straight line.
# Too narrow is punished harder than too wide; the minimum is at the root mean square of the residuals.*
#
# So the mean squared error *was* a likelihood all along: that of a Normal distribution, symmetric, without
# heavy tails, and equally wide for every cluster. Is that so?

# %% nbgrader={"grade": false, "grade_id": "widths", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("gaussian_nll", "line")
residual = np.asarray(masses - line)
print("velocity dispersion [km/s]   rms of the residuals [dex]")
for low, high in ((200, 300), (300, 400), (400, 600), (600, 1000)):
    inside = (10**log_dispersion > low) & (10**log_dispersion <= high)
    print(f"{low:12d} to {high:4d} {np.sqrt(np.mean(residual[inside] ** 2)):25.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "widths-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# No. A model whose width depends on $x$, and whose shape need not be Normal, would have a larger
# likelihood: that is `04_mdn`. Here we stay with two outcomes.

# %% [markdown] nbgrader={"grade": false, "grade_id": "classifier", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A classifier that returns a distribution
#
# All that is left is to let a network compute the parameter. TensorFlow Probability has the distribution:
# `tfd.Bernoulli(logits=…)`, with logits of shape (b,), behaves as $b$ Bernoulli distributions: its *batch
# shape* is (b,). It has `log_prob` (of labels, shape (b,)), `mean` (the probability of label 1) and `sample`,
# and it computes `log_prob` as you did, without a detour over probabilities.
#
# **Task `Classifier`.** Return a Bernoulli distribution with batch shape (b,) from the features, shape (b,
# 14): the answer to "is this cluster above $10^{14}\,h^{-1} M_\odot$?" Two hidden layers of about 100 units
# are plenty. Any probability must be within reach, and mind the shape: `nn.Dense(1)` gives (b, 1).
#
# *The check trains your network on clusters of its own, with its own `log_prob`, and looks whether its
# probabilities come true. It takes about 5 s on two cores.*


# %% nbgrader={"grade": false, "grade_id": "Classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Classifier(nn.Module):
    """Whether a cluster is above 10^14 h^-1 Msun: x (b, 14), standardised -> Bernoulli distribution, batch shape (b,)."""

    @nn.compact
    def __call__(self, x):
        ### BEGIN SOLUTION
        x = nn.relu(nn.Dense(128)(x))
        x = nn.relu(nn.Dense(128)(x))
        return tfd.Bernoulli(logits=nn.Dense(1)(x)[:, 0])
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-Classifier", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
autograder.check("Classifier")

# %% [markdown] nbgrader={"grade": false, "grade_id": "init-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Before it has seen a single label, the network has opinions already, from its random weights:

# %% nbgrader={"grade": false, "grade_id": "init", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier")
untrained = Classifier()
q = untrained.apply(untrained.init(jax.random.PRNGKey(0), x_train[:1]), x_test[:5])
print("probabilities of five clusters, before training:", np.round(np.asarray(q.mean()), 3))
shape = q.log_prob(above_test[:5]).shape
assert shape == (5,), (
    f"`log_prob` of five labels has shape {shape}, expected (5,): mend `Classifier` before training it"
)
classifier = untrained

# %% [markdown] nbgrader={"grade": false, "grade_id": "training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Training
#
# As one would with cats and dogs, we train on the balanced collection. (5 s)

# %% nbgrader={"grade": false, "grade_id": "fit", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "classifier")


def loss_fn(params, x, labels):
    """Mean negative log likelihood of the labels: params, x (b, 14), labels (b,) -> (), in nats."""
    return -jnp.mean(classifier.apply(params, x).log_prob(labels))


def train_on(rows, validation_rows):
    """Parameters and history: learns from these rows of the training set, watched on those of the test set."""
    epochs, batch_size = 8, 512
    steps = epochs * (len(rows) // batch_size)
    return clustermass.fit(
        loss_fn,
        classifier.init(jax.random.PRNGKey(0), x_train[:1]),
        x_train[rows],
        above_train[rows],
        optimizer=optax.adam(optax.cosine_decay_schedule(3e-3, steps)),
        epochs=epochs,
        batch_size=batch_size,
        key=jax.random.PRNGKey(1),
        validation=(x_test[validation_rows], above_test[validation_rows]),
    )


params, history = train_on(balanced_train, balanced_test)
plots.learning_curves(history)

# %% [markdown] nbgrader={"grade": false, "grade_id": "training-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Binary cross entropy on the balanced collection while training: each step, the mean of each epoch, and
# balanced test clusters. A coin would have a loss of $\log 2 = 0.69$.*
#
# The logits can be had from any distribution over two outcomes: they are the log odds, $\log q(1\,|\,x) -
# \log q(0\,|\,x)$. So the loss that we trained with must be your `bernoulli_nll` of them:

# %% nbgrader={"grade": false, "grade_id": "same-loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "bernoulli_nll", "params")


@jax.jit
def log_odds(params, x):
    """Logits of the classifier, x (b, 14) -> (b,)."""
    q = classifier.apply(params, x)
    return q.log_prob(jnp.ones(len(x))) - q.log_prob(jnp.zeros(len(x)))


logits_balanced = log_odds(params, x_test[balanced_test])
labels_balanced = above_test[balanced_test]
print(f"loss_fn        {loss_fn(params, x_test[balanced_test], labels_balanced):.5f}")
print(f"bernoulli_nll  {bernoulli_nll(logits_balanced, labels_balanced):.5f}")
print(f"right in {np.mean((logits_balanced > 0) == labels_balanced):.1%} of cases if it must say yes or no")

# %% [markdown] nbgrader={"grade": false, "grade_id": "calibration", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Do the probabilities come true?
#
# A probability is a promise: of all the clusters to which we give 0.7, seven in ten should be above the
# limit. Then the forecasts are called *calibrated*. To check, collect the forecasts in bins and compare
# their mean with the fraction that came true, the *reliability diagram* (DeGroot & Fienberg 1983). The mean
# distance of the points from the diagonal, each weighted with its number of clusters, is the *expected
# calibration error* (Guo et al. 2017).

# %% nbgrader={"grade": false, "grade_id": "calibration-balanced", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "bernoulli_nll", "logits_balanced")
plots.reliability_diagram({"balanced test clusters": jax.nn.sigmoid(logits_balanced)}, labels_balanced)

# %% [markdown] nbgrader={"grade": false, "grade_id": "calibration-balanced-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Fraction of balanced test clusters that are above the limit, against the probability that the classifier
# gave them. The error bars are those of independent labels. (Several rows may be lines of sight of one
# cluster, so they are a little too small.)*
#
# The promise is kept: training by likelihood made calibrated probabilities, for clusters that the network
# had never seen. Now we use the classifier in the field, on test clusters *as they come*, of which 21 % are
# above the limit and not one half.

# %% nbgrader={"grade": false, "grade_id": "calibration-catalogue", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "params")
logits_test = log_odds(params, x_test)
before = jax.nn.sigmoid(logits_test)
print(f"mean probability {before.mean():.3f}; fraction above 10^14 {above_test.mean():.3f}")
plots.reliability_diagram({"trained on balanced clusters": before}, above_test)

# %% [markdown] nbgrader={"grade": false, "grade_id": "calibration-catalogue-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *The same classifier on the catalogue's test clusters. All points are below the diagonal: of those to
# which it gives one half, only about one in five is above the limit.*
#
# The network is the same, and so are the clusters above the limit and those below. What changed is how many
# there are of each. The classifier answers for the collection on which it was trained, as the curves in the
# beginning did: it was told by its training set, and by nothing else, that heavy clusters are as common as
# light ones. You will find this in the wild wherever rare things are made frequent for training: diseases
# in medical images, supernovae among transients.

# %% [markdown] nbgrader={"grade": false, "grade_id": "shift", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Exchanging the prior
#
# Write Bayes' theorem for both labels and divide one by the other. The denominators cancel:
#
# $$ \underbrace{\frac{p(1\,|\,x)}{p(0\,|\,x)}}_{\text{posterior odds}} =
#    \underbrace{\frac{p(x\,|\,1)}{p(x\,|\,0)}}_{\text{likelihood ratio}} \times
#    \underbrace{\frac{p(1)}{p(0)}}_{\text{prior odds}} . $$
#
# The logit of the classifier is the logarithm of the left side, under the prior of its training set. There,
# a fraction $\pi_\mathrm{train}$ of the labels are 1. In a population where the fraction is
# $\pi_\mathrm{new}$, **and where $p(x\,|\,c)$ is the same**, the likelihood ratio stays and the prior odds
# change. In logarithms:
#
# $$ z_\mathrm{new} = z - \log\frac{\pi_\mathrm{train}}{1 - \pi_\mathrm{train}}
#                    + \log\frac{\pi_\mathrm{new}}{1 - \pi_\mathrm{new}} . $$
#
# One addition, the same for every cluster, and no training.
#
# **Task `shift_prior`.** Return the logits (b,) under the new class fraction, from those under the training
# fraction; both fractions are numbers of shape () between 0 and 1. It must be right for logits of any size,
# so do not leave the logits: a probability of $1 - 10^{-9}$ is 1 in float32.


# %% nbgrader={"grade": false, "grade_id": "shift_prior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shift_prior(logits, train_fraction, new_fraction):
    """Logits under another class balance: logits (b,), fractions of label 1 (), () -> (b,)."""
    ### BEGIN SOLUTION
    log_odds_train = jnp.log(train_fraction) - jnp.log1p(-train_fraction)
    log_odds_new = jnp.log(new_fraction) - jnp.log1p(-new_fraction)
    return logits - log_odds_train + log_odds_new
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-shift_prior", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("shift_prior")

# %% [markdown] nbgrader={"grade": false, "grade_id": "shifted", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The classifier has seen one half; the population has the fraction of the training part of the catalogue,
# which we know without looking at the test clusters.

# %% nbgrader={"grade": false, "grade_id": "calibration-shifted", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "shift_prior", "logits_test")
train_fraction = jnp.float32(above_train[balanced_train].mean())
new_fraction = jnp.float32(above_train.mean())
logits_shifted = shift_prior(logits_test, train_fraction, new_fraction)
after = jax.nn.sigmoid(logits_shifted)
shift = np.mean(logits_shifted - logits_test)
print(f"fractions {train_fraction:.2f} -> {new_fraction:.3f}: every logit changes by {shift:+.3f}")
print(f"mean probability {after.mean():.3f}; fraction above 10^14 {above_test.mean():.3f}")
plots.reliability_diagram({"before": before, "after shift_prior": after}, above_test)

# %% [markdown] nbgrader={"grade": false, "grade_id": "calibration-shifted-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Before (dashed) and after (dash-dotted) the prior was exchanged: the catalogue's test clusters, without
# any new training. The points have moved onto the diagonal.*
#
# Would training on the catalogue itself have been better? The next cell does it, with 200,000 clusters
# instead of the 82,000 of the balanced collection. (5 s)

# %% nbgrader={"grade": false, "grade_id": "compare", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "bernoulli_nll", "shift_prior", "logits_shifted")
params_catalogue, _ = train_on(np.arange(len(above_train)), np.arange(len(above_test)))
logits_catalogue = log_odds(params_catalogue, x_test)
base_rate = jnp.full(len(above_test), jnp.log(new_fraction / (1 - new_fraction)))
print("                             loss [nats]   calibration error   right in")
for name, logits in (
    ("always the base rate", base_rate),
    ("balanced", logits_test),
    ("balanced, shift_prior", logits_shifted),
    ("trained on the catalogue", logits_catalogue),
):
    loss = bernoulli_nll(logits, above_test)
    error = reliability(jax.nn.sigmoid(logits), above_test).calibration_error
    right = np.mean((logits > 0) == above_test)
    print(f"{name:28s} {loss:11.3f} {error:19.3f} {right:10.1%}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "compare-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# One addition makes of the balanced classifier very nearly what training on the catalogue itself has made. No collection is wrong in itself, as long as one knows what is in it.
#
# Look at the first line, too. Always saying the base rate is calibrated, and worthless: calibration is a
# promise that is kept, and says nothing of how much is promised. The loss measures both.

# %% [markdown] nbgrader={"grade": false, "grade_id": "exact", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### When this is exact, and when it is not
#
# `shift_prior` is exact (as exact as the classifier) if the populations differ in the class balance and in
# nothing else: $p(x\,|\,c{=}1)$ and $p(x\,|\,c{=}0)$ must be the same in both. That held here because
# `balance` left out clusters by their label alone.
#
# But "above $10^{14}$" is a class with an inner life: there are clusters of $10^{14.05}$ in it and of
# $10^{15}$. Take a survey that selects clusters within 0.2 dex of the limit. Its class balance is
# different, and we know it, so we shift:

# %% nbgrader={"grade": false, "grade_id": "inexact", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("Classifier", "shift_prior", "logits_test")
near_train, near_test = np.abs(y_train[:, 0]) < 0.2, np.abs(y_test[:, 0]) < 0.2
near_fraction = jnp.float32(above_train[near_train].mean())
logits_near = logits_test[near_test]
print(f"{near_test.sum():,} test clusters, fraction above 10^14 {above_test[near_test].mean():.3f}")
plots.reliability_diagram(
    {
        "before": jax.nn.sigmoid(logits_near),
        "after shift_prior": jax.nn.sigmoid(shift_prior(logits_near, train_fraction, near_fraction)),
    },
    above_test[near_test],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "inexact-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Clusters within 0.2 dex of the limit, before (dashed) and after (dash-dotted) shifting to their class
# balance. The points do not come to lie on the diagonal: where the forecast is high, fewer clusters are
# above the limit than it says. It is too confident.*
#
# Among these clusters the heavy ones are barely heavy, and look much more like the light ones than in the
# training set: $p(x\,|\,c)$ has changed, because within each class the *masses* are distributed
# differently. No constant added to the logits can mend that. What stays the same from population to
# population is the likelihood $p(x\,|\,y)$ of a cluster of a given mass, which is physics. So the prior to
# be exchanged is that of the mass, $p(y)$, and to do that we need the posterior $p(y\,|\,x)$ of the mass
# and not only of one bit of it. That is what `04_mdn` does; its step is the one that you have just taken,
# with infinitely many classes instead of two.

# %% [markdown] nbgrader={"grade": false, "grade_id": "discussion", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## What we have learned
#
# * **A loss function is a negative log likelihood**, and minimising it brings a model distribution as close
#   as possible to that of the data, in the sense of $\mathrm{KL}(p\,\|\,q)$. Bernoulli gives binary cross
#   entropy, a Normal of fixed width gives the mean squared error.
# * **The distribution of the data has a prior in it** that somebody chose, perhaps without knowing. The
#   network learns it as faithfully as everything else.
# * **Calibrated means calibrated for a population.** On another one the same probabilities are wrong,
#   however good the network is.
# * **A known prior can be exchanged after training**, if the likelihood stays the same. For two classes it
#   is one addition to the logit.
#
# **To try:** train on nine heavy clusters for each light one; forget `shift_prior` but tune the threshold
# above which you call a cluster heavy (which numbers can be mended that way, and which cannot?); estimate
# the new class fraction from unlabelled clusters, by taking the mean of the shifted probabilities as the
# next fraction until it stays the same (Saerens et al. 2002).
#
# ### Sources
#
# S. Kullback & R. A. Leibler, *On information and sufficiency* (1951,
# [doi:10.1214/aoms/1177729694](https://doi.org/10.1214/aoms/1177729694)). M. H. DeGroot & S. E. Fienberg,
# *The comparison and evaluation of forecasters* (1983), on reliability diagrams. C. Guo et al., *On
# calibration of modern neural networks* (2017, [arXiv:1706.04599](https://arxiv.org/abs/1706.04599)). M.
# Saerens, P. Latinne & C. Decaestecker, *Adjusting the outputs of a classifier to new a priori
# probabilities: a simple procedure* (2002), on class balances that change. M. Ho et al., *A robust and
# efficient deep learning method for dynamical mass measurements of galaxy clusters* (2019,
# [arXiv:1902.05950](https://arxiv.org/abs/1902.05950)), for the clusters.
