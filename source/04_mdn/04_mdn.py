# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Unbiased masses from a Mixture Density Network
#
# In `02_regression` a network weighed clusters with a scatter of 0.13 dex, and made those of
# $10^{14.3}\,h^{-1} M_\odot$ some 17 % too light (0.08 dex). The mean squared error had made it predict the
# mean of $p(y\,|\,x)$, which carries the masses of the training set in it as a prior. Here you let a network
# predict the *whole* distribution, take that prior out, and get unbiased masses: the same clusters, the same
# features, a few lines more.
#
# You write four things: a network that returns a distribution (`MDN`), its loss (`loss_fn`), an exchange of
# priors (`reweight`) and a point estimate (`estimate_mass`). As before, `autograder.check(…)` below each
# answer tells you how you did, and cells whose answers are missing say what they wait for. The whole notebook
# runs in about a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
import autograder

autograder.begin("04_mdn", version="0.1.0")

import flax.linen as nn
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import optax
from tensorflow_probability.substrates import jax as tfp

import clustermass
from clustermass import load_catalog, plots
from clustermass.plots.style import COLOURS, LINES
from clustermass.statistics import binned_residuals, ks_distance, pit

tfd = tfp.distributions

# %% [markdown] nbgrader={"grade": false, "grade_id": "data-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The clusters are those of `02_regression`: 14 features each, standardised, `x` (b, 14), and $y =
# \log_{10}(M_{200\mathrm c} / 10^{14}\,h^{-1} M_\odot)$, `y` (b, 1). *(The first run simulates the catalogue,
# about 5 s on two cores.)*

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
catalog = load_catalog()
train, test = catalog.split(train=200_000, seed=0)
x_train, y_train = train.arrays()
x_test, y_test = test.arrays()
catalog

# %% [markdown] nbgrader={"grade": false, "grade_id": "mdn", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A network that returns a distribution
#
# At each $x$ there is a whole distribution of masses, and it is seldom a Gaussian: a cluster with a neighbour
# behind it may be heavy, or light with many interlopers. A *Mixture Density Network* (Bishop 1994) lets the
# network choose the parameters of a mixture of $K$ Normal distributions,
#
# $$ q_\theta(y\,|\,x) = \sum_{k=1}^{K} w_k(x)\;\mathcal N\bigl(y;\ \mu_k(x),\ \sigma_k^2(x)\bigr),
#    \qquad \sum_k w_k = 1,\quad \sigma_k > 0 . $$
#
# With enough components that can take any shape. The network computes $3K$ numbers per cluster; the
# constraints come from how they are used: weights as *logits*, of which a softmax is taken, widths through
# `nn.softplus` ($\log(1 + e^x)$, always positive), plus a small floor, since a component that collapses onto
# a single training cluster would have an infinite likelihood.
#
# TensorFlow Probability assembles the mixture: `tfd.MixtureSameFamily` takes a `tfd.Categorical(logits=…)` of
# shape (b, K) and components `tfd.Normal(loc=…, scale=…)` of shape (b, K), and behaves as $b$ distributions
# over numbers (batch shape (b,), *scalar events*). It has `log_prob`, `mean` and `sample`, all of them differentiable.
#
# **Task `MDN`.** Return such a mixture of `num_components` Normals, batch shape (b,), from the features,
# shape (b, 14). In a module, $K$ is `self.num_components`; the check also builds it with one component.


# %% nbgrader={"grade": false, "grade_id": "MDN", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MDN(nn.Module):
    """Distribution of the log mass of a cluster given its features.

    x (b, 14), standardised -> distribution over log10(M200c / 1e14 h^-1 Msun), batch shape (b,), scalar events.
    """

    num_components: int

    @nn.compact
    def __call__(self, x):
        ### BEGIN SOLUTION
        x = nn.relu(nn.Dense(128)(x))
        x = nn.relu(nn.Dense(128)(x))
        x = nn.tanh(nn.Dense(64)(x))
        logits = nn.Dense(self.num_components)(x)
        loc = nn.Dense(self.num_components)(x)
        scale = 1e-3 + nn.softplus(nn.Dense(self.num_components)(x))
        return tfd.MixtureSameFamily(
            mixture_distribution=tfd.Categorical(logits=logits),
            components_distribution=tfd.Normal(loc=loc, scale=scale),
        )
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-MDN", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
autograder.check("MDN")

# %% nbgrader={"grade": false, "grade_id": "model", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
model = MDN(num_components=16)

# %% nbgrader={"grade": false, "grade_id": "init", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN")
params = model.init(jax.random.PRNGKey(0), x_train[:1])
untrained = model.apply(params, x_test[:5])
print("log density of five masses, before training:", untrained.log_prob(y_test[:5, 0]))

# %% [markdown] nbgrader={"grade": false, "grade_id": "likelihood", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The loss is a likelihood
#
# We want $q_\theta(y\,|\,x)$ to be close to the true $p(y\,|\,x)$. The Kullback-Leibler divergence measures
# how far one distribution is from another; it is never negative, and zero only if they are the same. Averaged
# over the clusters,
#
# $$ \begin{aligned}
# \mathbb E_{p(x)}\, \mathrm{KL}\bigl(p(y\,|\,x)\,\|\,q_\theta(y\,|\,x)\bigr)
#   &= \int p(x) \int p(y\,|\,x)\,\log \frac{p(y\,|\,x)}{q_\theta(y\,|\,x)}\,\mathrm dy\,\mathrm dx \\
#   &= \underbrace{\mathbb E_{p(x,y)}\bigl[\log p(y\,|\,x)\bigr]}_{\text{does not depend on }\theta}
#      \;-\; \mathbb E_{p(x,y)}\bigl[\log q_\theta(y\,|\,x)\bigr] .
# \end{aligned} $$
#
# The first term is a constant that we do not know and need not know. The second is an average over $p(x, y)$,
# and the training set is a sample of that. So minimising the divergence is minimising the *mean negative log
# likelihood*:
#
# $$ \mathcal L(\theta) = -\frac 1 b \sum_{i=1}^{b} \log q_\theta(y_i\,|\,x_i) , $$
#
# and its minimum is at $q_\theta = p$, the posterior *under the training set's distribution of masses*. (With
# a single Normal of fixed width this loss is the mean squared error, up to constants: the MSE was a
# likelihood all along.)
#
# **Task `loss_fn`.** Return it, a number of shape (). Mind the shapes: the distribution has batch shape (b,),
# the masses have shape (b, 1).


# %% nbgrader={"grade": false, "grade_id": "loss_fn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_fn(params, x, y):
    """Mean negative log likelihood of `model`: params, x (b, 14), y (b, 1) -> (), in nats."""
    ### BEGIN SOLUTION
    q = model.apply(params, x)
    return -jnp.mean(q.log_prob(y[:, 0]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-loss_fn", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("loss_fn")

# %% [markdown] nbgrader={"grade": false, "grade_id": "training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Training
#
# Eight epochs take about 10 s on two cores. As before, the learning rate falls to zero along a cosine. For
# residuals that are to be zero this matters: at a constant rate all posteriors may end up several hundredths
# of a dex to one side. (Try it: `optimizer=optax.adam(1e-3)`.)

# %% nbgrader={"grade": false, "grade_id": "fit", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn")
epochs, batch_size = 8, 512
learning_rate = optax.cosine_decay_schedule(1e-3, decay_steps=epochs * (len(x_train) // batch_size))
params = model.init(jax.random.PRNGKey(0), x_train[:1])
params, history = clustermass.fit(
    loss_fn,
    params,
    x_train,
    y_train,
    optimizer=optax.adam(learning_rate),
    epochs=epochs,
    batch_size=batch_size,
    key=jax.random.PRNGKey(1),
    validation=(x_test, y_test),
)
plots.learning_curves(history)

# %% [markdown] nbgrader={"grade": false, "grade_id": "posteriors", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Posteriors
#
# Every cluster of the test set now has a distribution of masses. We tabulate its logarithm on a uniform grid,
# wide enough to hold the tails, once for all clusters. From here on a posterior is a row of numbers. (3 s)

# %% nbgrader={"grade": false, "grade_id": "grid", "locked": true, "schema_version": 3, "solution": false, "task": false}
grid = jnp.linspace(-1.0, 2.0, 301)  # log10(M200c / 1e14 h^-1 Msun): from 10^13 to 10^16

# %% nbgrader={"grade": false, "grade_id": "tabulate", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "history")


@jax.jit
def tabulate(params, x):
    """Log q(y | x) on the grid, (b, 14) -> (b, g), in batches that fit into memory."""

    def one_cluster(features):
        q = model.apply(params, features[None])
        return jax.vmap(lambda mass: q.log_prob(mass[None])[0])(grid)

    return jax.lax.map(one_cluster, x, batch_size=1024)


log_posterior = tabulate(params, x_test)
log_posterior.shape

# %% nbgrader={"grade": false, "grade_id": "show-posteriors", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "log_posterior")
figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
by_mass = np.argsort(y_test[:, 0])
four = by_mass[(np.array([0.5, 0.9, 0.98, 0.999]) * len(by_mass)).astype(int)]
for i, line, colour in zip(four, LINES, COLOURS):
    style = {"linestyle": line, "color": colour}
    axes.plot(14 + grid, np.exp(log_posterior[i]), label=f"true mass {14 + y_test[i, 0]:.2f}", **style)
    axes.axvline(14 + y_test[i, 0], linewidth=0.8, **style)
axes.set(
    title="Posteriors of four clusters, and their true masses (vertical lines)",
    xlabel=r"$\log_{10}\, M_{\rm 200c}\;[h^{-1}\,M_\odot]$",
    ylabel=r"$q(y\,|\,x)$  [dex$^{-1}$]",
    xlim=(13.2, 15.6),
)
axes.legend(frameon=False)
plt.show()

# %% [markdown] nbgrader={"grade": false, "grade_id": "posteriors-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Four test clusters, from a typical one to one of the heaviest: the posterior density of its mass as a
# curve, its true mass as a vertical line in the same colour and dashes. The curves are about 0.1 to 0.3 dex
# wide, and not all are symmetric.*
#
# ### The mean has the same bias
#
# If $q = p$, the mean of $q(y\,|\,x)$ is what the network with the mean squared error was after. And so it
# is:

# %% nbgrader={"grade": false, "grade_id": "mean-bias", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "log_posterior")
posterior_mean = jnp.sum(jax.nn.softmax(log_posterior) * grid, axis=-1)
print(f"scatter {np.std(posterior_mean - y_test[:, 0]):.3f} dex")
plots.binned_residuals(y_test, {"mean of q(y|x)": posterior_mean})

# %% [markdown] nbgrader={"grade": false, "grade_id": "calibration", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Residuals of the posterior means in bins of true mass: median, and the ranges of 68 and 95 % of the
# clusters. Around $10^{14}$ the masses are some 0.08 dex low, as they were in `02_regression`.*
#
# ### But the posteriors are right
#
# Is the network wrong, then? Ask the posteriors themselves. If they are right, the true mass of one cluster
# in ten lies in the lowest tenth of its posterior, and so on: the *probability integral transform*
#
# $$ u_i = \int_{-\infty}^{y_i} q_\theta(y\,|\,x_i)\,\mathrm dy $$
#
# is uniform on $[0, 1]$. Posteriors that are too narrow pile up $u$ at both ends, those too wide in the
# middle. The distance of Kolmogorov and Smirnov, the largest gap between the cumulative distributions, is
# below $1.36/\sqrt n$ for 95 of 100 samples that are truly uniform, if they are independent. Lines of sight
# of one cluster share its mass, so we take 5,000 at random, few of which belong together.

# %% nbgrader={"grade": false, "grade_id": "calibration-plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "log_posterior")
few = 5_000  # the test set is in random order
u = pit(log_posterior[:few], grid, y_test[:few])
print(f"KS distance {ks_distance(u):.4f}; 95 % of uniform samples are below {1.36 / few**0.5:.4f}")
plots.pit_histogram(u)

# %% [markdown] nbgrader={"grade": false, "grade_id": "prior", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Changing the prior
#
# *Histogram of $u$, relative to a flat one: no slope, no heap in the middle or at the ends. Single bars may lie
# just outside the band; the Kolmogorov-Smirnov distance, which looks at all of them, is within what chance
# allows.*
#
# What the network says of clusters *drawn like its training set* is right. But the distribution of
# masses in that set was never meant as a statement about the cluster at hand. By Bayes' theorem it is in
# there as a factor, the prior:
#
# $$ q_\theta(y\,|\,x) \;\approx\; p_\mathrm{train}(y\,|\,x) = \frac{p(x\,|\,y)\;p_\mathrm{train}(y)}{p_\mathrm{train}(x)} . $$
#
# The likelihood $p(x\,|\,y)$ is physics: how clusters of mass $y$ look. It is the same wherever clusters come
# from. So if the population is to be another one, divide by the old prior and multiply by the new:
#
# $$ p_\mathrm{new}(y\,|\,x) \;\propto\; p(x\,|\,y)\,p_\mathrm{new}(y)
#    \;\propto\; q_\theta(y\,|\,x)\;\frac{p_\mathrm{new}(y)}{p_\mathrm{train}(y)} . $$
#
# The factors left out depend on $x$ alone, so normalising over $y$ restores them. This is how the masses of
# our training set are distributed:

# %% nbgrader={"grade": false, "grade_id": "mass-prior", "locked": true, "schema_version": 3, "solution": false, "task": false}
plots.mass_prior(y_train)

# %% [markdown] nbgrader={"grade": false, "grade_id": "prior-slope", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Between $10^{13.8}$ and $10^{14.6}$ the counts fall every 0.2 dex by a factor that grows from 1.8 to 2.5, so
# $p_\mathrm{train}(y) \propto e^{-\beta y}$ with $\beta$ between 3 and 4.6 per dex, say 4. For a Gaussian
# likelihood of width $\sigma$ about $\hat y$, the mass that the features alone suggest,
#
# $$ \exp\Bigl[-\frac{(y - \hat y)^2}{2\sigma^2}\Bigr]\,e^{-\beta y} \;\propto\;
#    \exp\Bigl[-\frac{\bigl(y - (\hat y - \beta\sigma^2)\bigr)^2}{2\sigma^2}\Bigr] , $$
#
# up to a factor without $y$: the prior moves every posterior down by $\beta\sigma^2$. With the scatter for
# $\sigma$, that is $4 \times 0.13^2 \approx 0.07$ dex: the bias, from two numbers. Between $10^{14.7}$ and
# $10^{15}$, where the counts hardly change, it all but vanishes, as the figure above showed. (Astronomers
# know its relatives as the biases of Eddington and of Malmquist.)
#
# The next cell puts both priors on the grid as log densities: that of the training masses from a histogram,
# smoothed by 0.03 dex, and as the new one a flat prior over the masses that were trained on. Both stay finite
# outside, where the network knows nothing: dividing zero by zero helps nobody.


# %% nbgrader={"grade": false, "grade_id": "priors", "locked": true, "schema_version": 3, "solution": false, "task": false}
def smoothed_log_density(y, grid, width=0.03):
    """Log density, in 1/dex, of the masses y (n, 1), smoothed by `width` dex: on the uniform grid, (g,)."""
    spacing = grid[1] - grid[0]
    counts, _ = jnp.histogram(y, bins=len(grid), range=(grid[0] - spacing / 2, grid[-1] + spacing / 2))
    kernel = jnp.exp(-0.5 * (jnp.arange(-15, 16) * spacing / width) ** 2)
    density = jnp.convolve(counts, kernel / kernel.sum(), mode="same") / (y.size * spacing)
    return jnp.log(density + 1e-6)


log_prior = smoothed_log_density(y_train, grid)
trained_on = (grid >= y_train.min()) & (grid <= y_train.max())
log_new_prior = jnp.where(trained_on, 0.0, -20.0)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reweight-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task `reweight`.** From log posteriors (b, g) under the prior `log_prior` (g,), return those under
# `log_new_prior` (g,): log densities on the grid whose exponentials integrate to 1 for each cluster. All of
# it in logarithms: the sum of exponentials is what `jax.nn.logsumexp` is for, and it does not overflow.


# %% nbgrader={"grade": false, "grade_id": "reweight", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reweight(log_posterior, log_prior, log_new_prior, grid):
    """Log posterior under a new prior, normalised on the grid.

    log_posterior (b, g), log_prior (g,), log_new_prior (g,): log densities, not necessarily normalised;
    grid (g,): uniform, log10(M200c / 1e14 h^-1 Msun) -> (b, g), log density in 1/dex.
    """
    ### BEGIN SOLUTION
    unnormalised = log_posterior - log_prior + log_new_prior
    spacing = grid[1] - grid[0]
    log_integral = jax.nn.logsumexp(unnormalised, axis=-1, keepdims=True) + jnp.log(spacing)
    return unnormalised - log_integral
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-reweight", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
autograder.check("reweight")

# %% [markdown] nbgrader={"grade": false, "grade_id": "reweighted", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Three clusters under both priors. Which way do the posteriors move, and why does one of them hardly move?

# %% nbgrader={"grade": false, "grade_id": "reweighted-posteriors", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "reweight", "log_posterior")
log_flat = reweight(log_posterior, log_prior, log_new_prior, grid)
three = by_mass[(np.array([0.8, 0.9, 0.98]) * len(by_mass)).astype(int)]
shown = np.flatnonzero((grid > -0.7) & (grid < 1.5))  # from 10^13.3 to 10^15.5
plots.posterior(
    grid[shown],
    log_posterior[three][:, shown],
    log_flat[three][:, shown],
    truth=y_test[three],
    log_prior=log_prior[shown],
    log_new_prior=log_new_prior[shown],
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "reweighted-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Three test clusters: the posterior under the training prior (solid) and under the flat one (dashed), the two
# priors (thin), and the true mass (dotted). Posteriors move up, against the slope of the training prior. That of
# cluster 3 is narrow, and lies where the training prior is nearly flat: it stays.*

# %% [markdown] nbgrader={"grade": false, "grade_id": "estimate", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## From a posterior to one number
#
# A point estimate is a choice of loss: the mean of the density minimises the expected squared error, the
# median the absolute error, and the mode is the most probable mass. With the flat prior the peak is also
# where the likelihood is largest.
#
# **Task `estimate_mass`.** Return one number per cluster, shape (b,), from log densities (b, g) on the grid
# (g,), which need not be normalised. Mean, median and mode are all welcome. Each cluster is estimated from
# its own row alone.
#
# *The check trains your `MDN` with your `loss_fn` on clusters of its own, and looks for a bias in every bin
# of mass. It takes about 20 s on two cores.*


# %% nbgrader={"grade": false, "grade_id": "estimate_mass", "locked": false, "schema_version": 3, "solution": true, "task": false}
def estimate_mass(log_posterior, grid):
    """Point estimate of the mass: log density (b, g), not necessarily normalised, grid (g,) -> (b,).

    Both the grid and the estimate are log10(M200c / 1e14 h^-1 Msun).
    """
    ### BEGIN SOLUTION
    probability = jax.nn.softmax(log_posterior, axis=-1)
    below = jnp.cumsum(probability, axis=-1) - probability / 2  # up to the middle of each cell
    median = jax.vmap(lambda cumulative: jnp.interp(0.5, cumulative, grid))
    return median(below)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-estimate_mass", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
autograder.check("estimate_mass")

# %% [markdown] nbgrader={"grade": false, "grade_id": "unbiased", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Unbiased masses
#
# The same clusters, the same network, the same likelihoods; only the prior is another. (One training is one draw:
# another network, or another point estimate, may miss the 0.02 dex in a bin. The check above allows 0.05 dex, a
# margin that was measured on many networks.)

# %% nbgrader={"grade": false, "grade_id": "unbiased-plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "reweight", "estimate_mass", "log_flat")
masses = estimate_mass(log_flat, grid)
plots.binned_residuals(
    y_test, {"mean, training prior": posterior_mean, "estimate_mass, flat prior": masses}, tolerance=0.02
)

# %% nbgrader={"grade": false, "grade_id": "unbiased-table", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "reweight", "estimate_mass", "masses")
before, after = binned_residuals(y_test, posterior_mean), binned_residuals(y_test, masses)
print("          median residual [dex]")
print("log10 M   training prior    flat prior        within 0.02 dex + 2 standard errors")
for i, centre in enumerate(after.centres):
    unbiased = abs(after.median[i]) <= 0.02 + 2 * after.median_error[i]
    columns = [f"{bins.median[i]:+.3f} ± {bins.median_error[i]:.3f}" for bins in (before, after)]
    print(f"{14 + centre:7.1f}   {columns[0]}    {columns[1]}    {'yes' if unbiased else 'no'}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "unbiased-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Median residuals in bins of true mass under the training prior (solid) and under the flat one (dashed), with
# the range of 68 % of the clusters (thin lines) and $\pm 0.02$ dex (grey). The table leaves out the
# outermost bins.*
#
# And cluster by cluster, as in `02_regression`:

# %% nbgrader={"grade": false, "grade_id": "unbiased-masses", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MDN", "loss_fn", "reweight", "estimate_mass", "masses")
before, after = (np.std(estimate - y_test[:, 0]) for estimate in (posterior_mean, masses))
print(f"scatter: {before:.3f} dex before, {after:.3f} dex after")
plots.mass_prediction(y_test, masses)

# %% [markdown] nbgrader={"grade": false, "grade_id": "discussion", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Predicted against true mass, under the flat prior: the median (dashed) follows the line of equality, but for
# the ends.*
#
# ## What we have learned, and what we have not
#
# * **Nothing is free.** The mean under the training prior has the smallest mean squared error that *any*
#   estimate can have for this population. Taking the bias out makes the scatter over the catalogue larger.
#   Which of the two you want depends on the question: the mean log mass of all clusters in this catalogue,
#   or the mass of this one?
# * **"Unbiased" needs a reference.** We asked for a median residual of zero at given *true* mass. Under the
#   training prior, the residuals are zero on average at given *observed* features. No estimate has both,
#   unless it is perfect.
# * **A flat prior is a prior too.** For a survey that selects clusters, put in the population that you expect
#   to be observed; the posteriors are then calibrated for it. The point is that you can choose, after
#   training.
# * **It ends where the training set ends.** Near the lowest and the highest masses a posterior has nowhere to
#   go, and reweighting cannot invent clusters that were never seen: the outermost points may still be biased,
#   inwards.
# * **The likelihood must be right.** All of this exchanges $p(y)$ and keeps $p(x\,|\,y)$. If real clusters do
#   not look like simulated ones, the posteriors are wrong in a way that no reweighting cures. And the network
#   itself is uncertain: what it does not know about itself is the subject of `05_epistemic`.
#
# **To try:** the mean and the mode instead of the median (where posteriors are skewed, the three are not the
# same); a prior that rises with mass; 50,000 training clusters instead of 200,000; one component instead of
# sixteen, and then the histogram of $u$.
#
# ### Sources
#
# C. M. Bishop, *Mixture Density Networks* (1994). M. Ho et al., *A robust and efficient deep learning method
# for dynamical mass measurements of galaxy clusters* (2019,
# [arXiv:1902.05950](https://arxiv.org/abs/1902.05950)), for the clusters. A. Klypin et al., *MultiDark simulations: the story
# of dark matter halo concentrations and density profiles* (2016), for the simulation that the catalogue imitates. A. P. Dawid, *Present position and
# potential developments: some personal views. Statistical theory: the prequential approach* (1984), on the
# probability integral transform.
