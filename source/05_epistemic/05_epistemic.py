# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # What the network does not know
#
# In `04_mdn` a network gave every cluster a whole distribution of masses. That distribution says how uncertain
# the *mass* is. It does not say how uncertain the *network* is: it was trained on one set of clusters, from one
# random start, and another training would have drawn other curves. Where there were many clusters to learn
# from, that hardly matters. Where there were few, it may be all that matters, and nothing in $q_\theta(y\,|\,x)$
# tells.
#
# Here you learn to ask. You write five things: a divergence (`kl_to_prior`) and a loss (`elbo_loss`) that turn
# the weights of a model into distributions, a network with dropout (`DropoutMLP`) that is left on when it
# predicts (`mc_predict`), and the formula that takes a variance apart (`decompose`). Then we go back to the
# clusters and count how many of them it takes until the network knows.
#
# The whole notebook runs in about a minute on two cores; cells that take longer than a few seconds say so.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
import autograder

autograder.begin("05_epistemic", version="0.1.0")

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
from tensorflow_probability.substrates import jax as tfp

import clustermass
from clustermass import load_catalog, plots
from clustermass.plots import Prediction

tfd = tfp.distributions

# %% [markdown] nbgrader={"grade": false, "grade_id": "two-kinds", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## What kind of uncertainty should one worry about?
#
# There are two reasons not to know $y$ at a given $x$, and they are cured differently.
#
# * **Aleatoric** (Latin *alea*, a die): the same $x$ comes with different $y$. Two clusters that look alike have
#   different masses, because the features do not fix the mass. More training data does not help; other features
#   or better measurements might.
# * **Epistemic** (Greek *episteme*, knowledge): too few data to tell which curve is right. Many curves pass
#   through the points, and they differ where there are none. More data *there* helps.
#
# Either can be there without the other. The next cell makes the four cases of a regression in one variable:
# with and without noise, with and without a gap in the data. For this picture we use a model that can be solved
# exactly, a sum of 40 bumps with a Gaussian prior on their heights, so that nothing in it is an approximation:
# the hatched band is what the data leave open about the curve, the dashed one adds the noise.


# %% nbgrader={"grade": false, "grade_id": "four-cases", "locked": true, "schema_version": 3, "solution": false, "task": false}
def true_curve(x):
    """What there is to be learned, x (…,) -> (…,)."""
    return 0.7 * np.sin(2 * x) + 0.3 * x


def observe(seed, noise, gap, n=60):
    """n points x (n, 1) in [-2.5, 2.5], where there is no gap, and what is seen there, y (n,)."""
    random = np.random.default_rng(seed)
    x = random.uniform(-2.5, 2.5, n)
    if gap:  # 60 % of the points on the left, none in the middle
        x = np.where(np.arange(n) < 0.6 * n, random.uniform(-2.5, -0.8, n), random.uniform(1.0, 2.5, n))
    y = true_curve(x) + noise * random.normal(size=n)
    return x[:, None].astype(np.float32), y.astype(np.float32)


def exact_regression(x, y, noise, grid):
    """Mean (g,) and epistemic variance (g,) of a sum of bumps with a Gaussian prior on their heights."""
    centres = np.linspace(-4, 4, 40)

    def bumps(x):
        return 0.8 * np.exp(-0.5 * ((x[:, None] - centres) / 0.7) ** 2)

    seen, asked = bumps(x[:, 0]), bumps(grid)
    covariance = np.linalg.inv(np.eye(40) + seen.T @ seen / noise**2)
    mean = asked @ covariance @ seen.T @ y / noise**2
    return mean, np.sum((asked @ covariance) * asked, axis=1)


grid = np.linspace(-3, 3, 241)
cases = {
    "neither": {"noise": 0.05, "gap": False},
    "aleatoric": {"noise": 0.4, "gap": False},
    "epistemic": {"noise": 0.05, "gap": True},
    "both": {"noise": 0.4, "gap": True},
}
panels = {}
for title, case in cases.items():
    x, y = observe(seed=1, **case)
    mean, epistemic = exact_regression(x, y, case["noise"], grid)
    panels[title] = Prediction(grid, mean, case["noise"] ** 2, epistemic, x, y, truth=true_curve(grid))
plots.predictive_bands(panels)

# %% [markdown] nbgrader={"grade": false, "grade_id": "four-cases-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Sixty observations of one curve (dots; the curve is dotted). Hatched: two standard deviations of the curve
# itself, the epistemic part. Shaded, dashed edges: two standard deviations of the next observation, epistemic
# and aleatoric together. On the right there is more noise, below there is a gap in the data; beyond ±2.5 nobody
# has looked.*
#
# Which of the four bands would be narrower with ten times as many points? The hatched ones, all of them; the
# noise stays. That is the test to tell them apart, and at the end we do it with clusters.
#
# A network with a mean squared error has no band at all. A Mixture Density Network has the dashed one, but only
# where it was trained: in the gap it continues with whatever its one set of weights happens to say. What is
# missing is a distribution over the *weights*.
#
# ## A line with uncertain weights
#
# Let $w$ be the weights of a model, and $\mathcal D = \{X, Y\}$ the training set, $b$ pairs $(x_i, y_i)$. If
# we do not know the weights exactly, what we predict is an average over those that are plausible, given the
# data:
#
# $$ p(y\,|\,x, \mathcal D) = \int p(y\,|\,x, w)\; p(w\,|\,\mathcal D)\,\mathrm dw , \qquad
#    p(w\,|\,\mathcal D) \propto p(w) \prod_{i=1}^{b} p(y_i\,|\,x_i, w) . $$
#
# The first factor is what the model says, with its aleatoric noise. The second, the posterior of the weights,
# is the epistemic part. For a network with a million weights nobody can do that integral. So we begin with a
# model of two weights, for which we can: a straight line with Gaussian noise of known size,
#
# $$ p(y\,|\,x, w) = \mathcal N\bigl(y;\ w_1 x + w_0,\ \sigma_n^2\bigr), \qquad
#    w_1, w_0 \sim \mathcal N(0, 1), \qquad \sigma_n = 0.5, $$
#
# with slope $w_1$, intercept $w_0$ and a standard Normal prior on each.

# %% nbgrader={"grade": false, "grade_id": "line", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
noise_scale = 0.5


def predict(weights, x):
    """The line at x (b, 1), -> (b,); weights {"slope": (), "intercept": ()}."""
    return weights["slope"] * x[:, 0] + weights["intercept"]


# %% nbgrader={"grade": false, "grade_id": "line-data", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
random_line = np.random.default_rng(0)
x_line = random_line.uniform(1.0, 4.0, size=(20, 1)).astype(np.float32)
y_line = (0.8 * x_line[:, 0] - 0.5 + noise_scale * random_line.normal(size=20)).astype(np.float32)

# %% [markdown] nbgrader={"grade": false, "grade_id": "maximum-likelihood", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Weights by maximum likelihood
#
# What everybody does first is to keep one set of weights, the one under which the data are most likely,
#
# $$ w_\mathrm{ML} = \arg\max_w\ \log p(\mathcal D\,|\,w) = \arg\max_w\ \sum_i \log p(y_i\,|\,x_i, w)
#    \qquad\Longrightarrow\qquad p(y\,|\,x, \mathcal D) \approx p(y\,|\,x, w_\mathrm{ML}) . $$
#
# It replaces $p(w\,|\,\mathcal D)$ by a spike, so the epistemic part is zero by construction. All training in
# `02_regression` and `04_mdn` was of this kind. The function `minimise` below is the training loop of this
# notebook: Adam, all steps in one compiled `jax.lax.scan`, with a new key for each step, which a likelihood
# does not need but what follows does.


# %% nbgrader={"grade": false, "grade_id": "maximise-likelihood", "locked": true, "schema_version": 3, "solution": false, "task": false}
def minimise(loss, params, key, steps, rate):
    """Adam on `loss(params, key) -> ()`, a new key each step: -> (params, losses (steps,))."""
    optimizer = optax.adam(optax.cosine_decay_schedule(rate, steps))

    @jax.jit
    def run(params, key):
        def step(state, key):
            params, memory = state
            value, gradient = jax.value_and_grad(loss)(params, key)
            updates, memory = optimizer.update(gradient, memory)
            return (optax.apply_updates(params, updates), memory), value

        keys = jax.random.split(key, steps)
        (params, _), losses = jax.lax.scan(step, (params, optimizer.init(params)), keys)
        return params, losses

    return run(params, key)


def negative_log_likelihood(weights, x, y):
    """-sum log N(y; line, noise): weights, x (b, 1), y (b,) -> ()."""
    return -jnp.sum(jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale))


start = {"slope": jnp.array(0.0), "intercept": jnp.array(0.0)}
most_likely, _ = minimise(
    lambda weights, key: negative_log_likelihood(weights, x_line, y_line),
    start,
    jax.random.PRNGKey(0),
    steps=2_000,
    rate=0.05,
)
print({name: round(float(value), 3) for name, value in most_likely.items()})

# %% [markdown] nbgrader={"grade": false, "grade_id": "exact-posterior", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### The exact posterior, for once
#
# Prior and likelihood are both Gaussian in $w$, so the posterior is Gaussian, too. With the rows $(x_i, 1)$ in
# a matrix $\Phi$ of shape (b, 2), completing the square gives its inverse covariance $\Lambda$, called the
# *precision*, and its mean:
#
# $$ \Lambda = \mathbb 1 + \frac{\Phi^\top \Phi}{\sigma_n^2}, \qquad
#    \bar w = \Lambda^{-1}\,\frac{\Phi^\top y}{\sigma_n^2} . $$


# %% nbgrader={"grade": false, "grade_id": "exact-posterior-code", "locked": true, "schema_version": 3, "solution": false, "task": false}
def exact_posterior(x, y):
    """Mean (2,) and covariance (2, 2) of (slope, intercept): x (b, 1), y (b,)."""
    rows = np.concatenate([x, np.ones_like(x)], axis=1).astype(float)
    precision = np.eye(2) + rows.T @ rows / noise_scale**2
    return np.linalg.solve(precision, rows.T @ y / noise_scale**2), np.linalg.inv(precision)


exact_mean, exact_covariance = exact_posterior(x_line, y_line)
exact_widths = np.sqrt(np.diag(exact_covariance))
correlation = exact_covariance[0, 1] / exact_widths.prod()
print(f"slope     {exact_mean[0]:+.3f} ± {exact_widths[0]:.3f}")
print(f"intercept {exact_mean[1]:+.3f} ± {exact_widths[1]:.3f}")
print(f"correlation {correlation:+.2f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "kl", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Twenty points leave the slope open by more than a tenth, and slope and intercept are strongly correlated:
# since all $x$ are positive, a steeper line must start lower to pass through the same points. Keep that number
# in mind. The spike at $w_\mathrm{ML}$ knows nothing of all this.
#
# ## Variational inference
#
# For a network there is no such formula. *Variational inference* makes an optimisation of it: choose a family
# of distributions $q_\phi(w)$ that is easy to handle, and look for the member that is nearest to the posterior.
# The usual family is *mean field*: an independent Normal for each weight,
#
# $$ q_\phi(w) = \prod_j \mathcal N\bigl(w_j;\ \mu_j,\ s_j^2\bigr), \qquad s_j = \log(1 + e^{\rho_j}) > 0, \qquad
#    \phi = (\mu, \rho) , $$
#
# where the `softplus` keeps widths positive while $\rho_j$ may be any real number. "Nearest" means the smallest
# Kullback-Leibler divergence. The posterior in it is replaced with the help of Bayes' theorem:
#
# $$ \begin{aligned}
# \mathrm{KL}\bigl(q_\phi(w)\,\|\,p(w\,|\,\mathcal D)\bigr)
#   &= \mathbb E_{q_\phi}\bigl[\log q_\phi(w) - \log p(w) - \log p(\mathcal D\,|\,w)\bigr] + \log p(\mathcal D) \\
#   &= \underbrace{\mathrm{KL}\bigl(q_\phi(w)\,\|\,p(w)\bigr)
#      - \mathbb E_{q_\phi}\bigl[\log p(\mathcal D\,|\,w)\bigr]}_{-\,\mathrm{ELBO}(\phi)}
#      \;+\; \log p(\mathcal D) .
# \end{aligned} $$
#
# The last term does not depend on $\phi$. What is left are two terms that we can compute, and that pull in
# opposite directions: stay near the prior, and explain the data.
#
# ### How far from the prior
#
# The first of the two has a closed form if both distributions are Normal. For one weight
#
# $$ \mathrm{KL}\bigl(\mathcal N(\mu, s^2)\,\|\,\mathcal N(0, 1)\bigr)
#    = \int \mathcal N(w; \mu, s^2)\,\log \frac{\mathcal N(w; \mu, s^2)}{\mathcal N(w; 0, 1)}\,\mathrm dw , $$
#
# a Gaussian average of a quadratic function of $w$, which you can do on a sheet of paper. Independent weights
# add up.
#
# **Task `kl_to_prior`.** Return the divergence of $q_\phi$ from the prior, a number of shape (), summed over all
# weights. `variational_params` is `{"loc": tree, "rho": tree}` with $\mu$ and $\rho$ as two trees of the same
# structure: two numbers for the line, but as many arrays as you like for a network. `jax.tree.map(f, a, b)`
# goes through two trees side by side; `jax.tree.leaves(tree)` lists what is in one. It must stay finite for
# very narrow $q$, too.


# %% nbgrader={"grade": false, "grade_id": "kl_to_prior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_to_prior(variational_params):
    """KL(q || N(0, 1)) in nats: {"loc": tree, "rho": tree} -> (); scale = softplus(rho), summed over all leaves."""

    ### BEGIN SOLUTION
    def leaf(loc, rho):
        scale = jax.nn.softplus(rho)
        return jnp.sum((scale**2 + loc**2 - 1) / 2 - jnp.log(scale))

    divergences = jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])
    return sum(jax.tree.leaves(divergences))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-kl_to_prior", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("kl_to_prior")

# %% [markdown] nbgrader={"grade": false, "grade_id": "kl-tfp", "locked": true, "schema_version": 3, "solution": false, "task": false}
# TensorFlow Probability knows this formula: `tfd.kl_divergence` looks it up for a pair of distributions. The two
# must agree, for the weights of the line and for a tree as Flax makes them.

# %% nbgrader={"grade": false, "grade_id": "kl-tfp-code", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_to_prior")


def tfp_divergence(variational_params):
    """The same by TFP: {"loc": tree, "rho": tree} -> ()."""

    def leaf(loc, rho):
        return jnp.sum(tfd.kl_divergence(tfd.Normal(loc, jax.nn.softplus(rho)), tfd.Normal(0.0, 1.0)))

    return sum(jax.tree.leaves(jax.tree.map(leaf, variational_params["loc"], variational_params["rho"])))


def around(loc, rho):
    """A mean-field q with centres `loc`, a tree, and the same rho for all weights."""
    return {"loc": loc, "rho": jax.tree.map(lambda leaf: jnp.full(jnp.shape(leaf), rho), loc)}


dense = nn.Dense(16).init(jax.random.PRNGKey(1), x_line)
for name, loc in {"line": start, "nn.Dense(16)": dense}.items():
    q = around(loc, rho=-1.0)
    print(f"{name:13} yours {kl_to_prior(q):.4f}   TFP {tfp_divergence(q):.4f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "elbo", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### The evidence lower bound
#
# Since a divergence is never negative, $\mathrm{ELBO}(\phi) \le \log p(\mathcal D)$: hence its name, the
# *evidence lower bound*. We minimise $-\mathrm{ELBO}/b$, so that the loss does not grow with the training set.
# What is missing is the average of the log likelihood over $q_\phi$. One draw of the weights is an unbiased
# estimate of it, noisy, but Adam averages over thousands of steps.
#
# Only: we must differentiate with respect to $\phi$, and $\phi$ is inside the distribution that we draw from.
# The *reparameterisation trick* (Kingma & Welling 2014) moves it outside. Draw the noise first, then shift and
# scale it,
#
# $$ w_j = \mu_j + s_j\,\varepsilon_j, \qquad \varepsilon_j \sim \mathcal N(0, 1)\ \text{independently}, $$
#
# and the draw is a differentiable function of $\mu_j$ and $\rho_j$. With it, training a network whose weights
# are distributions is ordinary gradient descent; Blundell et al. (2015) called it *Bayes by Backprop*.
#
# **Task `elbo_loss`.** For the line, return
#
# $$ \mathcal L(\phi) = \frac 1 b \Bigl[ \mathrm{KL}\bigl(q_\phi\,\|\,p\bigr)
#    - \sum_{i=1}^{b} \log \mathcal N\bigl(y_i;\ \mathtt{predict}(w, x_i),\ \sigma_n^2\bigr) \Bigr] $$
#
# with *one* draw $w$ of both weights, the same for all points. `noise_scale` is $\sigma_n$. Mind the keys: the
# same key gives the same random number.


# %% nbgrader={"grade": false, "grade_id": "elbo_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elbo_loss(variational_params, key, x, y):
    """-ELBO / b of the line with one draw of its weights: {"loc", "rho"}, key, x (b, 1), y (b,) -> (), in nats."""
    ### BEGIN SOLUTION
    loc, rho = variational_params["loc"], variational_params["rho"]
    keys = dict(zip(loc, jax.random.split(key, len(loc))))
    weights = {name: loc[name] + jax.nn.softplus(rho[name]) * jax.random.normal(keys[name]) for name in loc}
    log_likelihood = jnp.sum(jax.scipy.stats.norm.logpdf(y, predict(weights, x), noise_scale))
    return (kl_to_prior(variational_params) - log_likelihood) / len(y)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-elbo_loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
autograder.check("elbo_loss")

# %% [markdown] nbgrader={"grade": false, "grade_id": "elbo-tfp", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Again TFP can do it, too. `tfd.JointDistributionNamed` is a distribution over a dictionary of weights, and
# `tfp.vi.monte_carlo_variational_loss` averages $\log q_\phi(w) - \log p(w) - \log p(\mathcal D\,|\,w)$ over
# draws from it. One value of your loss is one draw: it is the average over many keys that must agree.

# %% nbgrader={"grade": false, "grade_id": "elbo-tfp-code", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_to_prior", "elbo_loss")
standard_normal = tfd.JointDistributionNamed(
    {"slope": tfd.Normal(0.0, 1.0), "intercept": tfd.Normal(0.0, 1.0)}
)


def tfp_weights(variational_params):
    """q as a TFP distribution over {"slope", "intercept"}."""
    loc, rho = variational_params["loc"], variational_params["rho"]
    return tfd.JointDistributionNamed(
        {name: tfd.Normal(loc[name], jax.nn.softplus(rho[name])) for name in loc}
    )


def log_joint(slope, intercept):
    """log p(w) + log p(D | w), for weights of any shape (s,): -> (s,)."""
    weights = {"slope": slope[..., None], "intercept": intercept[..., None]}
    likelihood = tfd.Independent(tfd.Normal(predict(weights, x_line), noise_scale), 1)
    return standard_normal.log_prob({"slope": slope, "intercept": intercept}) + likelihood.log_prob(y_line)


q = around(start, rho=-1.0)
many_keys = jax.random.split(jax.random.PRNGKey(2), 20_000)
losses = jax.vmap(elbo_loss, in_axes=(None, 0, None, None))(q, many_keys, x_line, y_line)
by_tfp = tfp.vi.monte_carlo_variational_loss(
    log_joint, tfp_weights(q), sample_size=20_000, seed=jax.random.PRNGKey(3)
) / len(y_line)
print(f"yours, 20,000 keys:  {losses.mean():.3f} ± {losses.std() / len(losses) ** 0.5:.3f}")
print(f"TFP, 20,000 draws:   {by_tfp:.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "training-q", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Training the weights' distributions
#
# Five thousand steps, a second or two. Beside it the same by TFP alone: `fit_surrogate_posterior_stateless` is
# the loop, the loss and the draws in one call.

# %% nbgrader={"grade": false, "grade_id": "train-q", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_to_prior", "elbo_loss")
q_line, losses = minimise(
    lambda q, key: elbo_loss(q, key, x_line, y_line),
    around(start, rho=-1.0),
    jax.random.PRNGKey(4),
    steps=5_000,
    rate=0.03,
)
print(
    f"loss, mean of the first 100 steps: {losses[:100].mean():.3f}, of the last 1,000: {losses[-1000:].mean():.3f}"
)

# %% nbgrader={"grade": false, "grade_id": "train-q-tfp", "locked": true, "schema_version": 3, "solution": false, "task": false}
steps = 5_000
leaves, structure = jax.tree.flatten(around(start, rho=-1.0))
fitted, _ = tfp.vi.fit_surrogate_posterior_stateless(
    log_joint,
    lambda *leaves: tfp_weights(jax.tree.unflatten(structure, leaves)),
    initial_parameters=tuple(leaves),
    optimizer=optax.adam(optax.cosine_decay_schedule(0.03, steps)),
    num_steps=steps,
    sample_size=1,
    seed=jax.random.PRNGKey(5),
)
q_tfp = jax.tree.unflatten(structure, fitted)

# %% [markdown] nbgrader={"grade": false, "grade_id": "what-mean-field", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The ellipses hold 68 % and 95 % of each distribution over (slope, intercept). Before you look: can a mean-field
# $q$ have the shape of the exact posterior?

# %% nbgrader={"grade": false, "grade_id": "ellipses", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_to_prior", "elbo_loss", "q_line", "q_tfp")


def gaussian(q):
    """Mean (2,) and covariance (2, 2) of (slope, intercept) under a mean-field q."""
    names = ("slope", "intercept")
    widths = np.array([jax.nn.softplus(q["rho"][name]) for name in names])
    return np.array([q["loc"][name] for name in names]), np.diag(widths**2)


def best_mean_field(mean, covariance):
    """The optimum in closed form: the same mean, one over the diagonal of the precision."""
    return mean, np.diag(1 / np.diag(np.linalg.inv(covariance)))


x_centred = x_line - x_line.mean()
exact_centred = exact_posterior(x_centred, y_line)
q_centred, _ = minimise(
    lambda q, key: elbo_loss(q, key, x_centred, y_line),
    around(start, rho=-1.0),
    jax.random.PRNGKey(6),
    steps=5_000,
    rate=0.03,
)
plots.weight_posteriors(
    {
        "x between 1 and 4": {
            "exact posterior": (exact_mean, exact_covariance),
            "q by elbo_loss": gaussian(q_line),
            "q by TFP": gaussian(q_tfp),
        },
        "x with its mean taken off": {
            "exact posterior": exact_centred,
            "q by elbo_loss": gaussian(q_centred),
        },
    }
)

# %% nbgrader={"grade": false, "grade_id": "widths", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_to_prior", "elbo_loss", "q_line", "q_centred")
print("standard deviation of        slope   intercept")
for title, (mean, covariance), q in (
    ("x as it is", (exact_mean, exact_covariance), q_line),
    ("x centred", exact_centred, q_centred),
):
    rows = {
        "exact": covariance,
        "best mean field": best_mean_field(mean, covariance)[1],
        "q by elbo_loss": gaussian(q)[1],
    }
    for name, matrix in rows.items():
        slope, intercept = np.sqrt(np.diag(matrix))
        print(f"{title:11} {name:16} {slope:.3f}   {intercept:.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "mean-field-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Posterior of the two weights of the line: exact (solid) and mean field (dashed; TFP's dash-dotted), for the
# same points with two origins of x.*
#
# Left, the centres agree, but $q$ is far too narrow: it claims to know the slope three times better than the
# data allow. Nothing went wrong in the training. A product of independent Normals has its axes along the axes
# of the figure; the posterior is a narrow, tilted ridge. The divergence $\mathrm{KL}(q\,\|\,p)$ punishes $q$
# where it puts weight and $p$ has none, so $q$ lies inside the ridge. For a Gaussian posterior one finds
# $s_j^2 = 1/\Lambda_{jj}$, the variance of one weight when the *others are held fixed*, which is never more than
# its marginal variance $(\Lambda^{-1})_{jj}$.
#
# Right, the same data, with $x$ measured from its mean. Now $\Lambda_{12} = \sum_i x_i/\sigma_n^2 = 0$: slope
# and intercept are independent, the posterior *is* mean field, and $q$ finds it. The prior is on another
# intercept then, but with twenty points that hardly matters. Mean field is not wrong in itself; it is wrong by
# as much as the weights are correlated. In a network they are, strongly, and nobody knows how to centre them
# away.
#
# ### A network with uncertain weights
#
# `kl_to_prior` takes any tree, so we can do it for a network. The data are those of the panel "both", with a gap
# in the middle and noise of 0.2 now: a network with one hidden layer of 32 units, hence 97 weights and 194
# numbers to train. (8,000 steps, a few seconds.)

# %% nbgrader={"grade": false, "grade_id": "bayes-by-backprop", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("kl_to_prior")
curve_noise = 0.2
x_curve, y_curve = observe(seed=3, noise=curve_noise, gap=True)
curve_network = nn.Sequential([nn.Dense(32), nn.tanh, nn.Dense(1)])


def draw_weights(q, key):
    """One draw of all weights of a mean-field q, any tree."""
    locs, structure = jax.tree.flatten(q["loc"])
    keys = jax.random.split(key, len(locs))
    leaves = zip(locs, jax.tree.leaves(q["rho"]), keys)
    return jax.tree.unflatten(
        structure, [tfd.Normal(loc, jax.nn.softplus(rho)).sample(seed=key) for loc, rho, key in leaves]
    )


def network_loss(q, key):
    """-ELBO / b of the network: as `elbo_loss`, with another `predict`."""
    prediction = curve_network.apply(draw_weights(q, key), x_curve)[:, 0]
    log_likelihood = jnp.sum(jax.scipy.stats.norm.logpdf(y_curve, prediction, curve_noise))
    return (kl_to_prior(q) - log_likelihood) / len(y_curve)


first_weights = curve_network.init(jax.random.PRNGKey(7), x_curve)
q_network, _ = minimise(
    network_loss, around(first_weights, rho=-4.0), jax.random.PRNGKey(8), steps=8_000, rate=0.01
)
x_grid = grid[:, None].astype(np.float32)
curves = jax.vmap(lambda key: curve_network.apply(draw_weights(q_network, key), x_grid)[:, 0])(
    jax.random.split(jax.random.PRNGKey(9), 500)
)
by_backprop = Prediction(
    grid, curves.mean(axis=0), curve_noise**2, curves.var(axis=0), x_curve, y_curve, truth=true_curve(grid)
)
mean, epistemic = exact_regression(x_curve, y_curve, curve_noise, grid)
bumps = Prediction(grid, mean, curve_noise**2, epistemic, x_curve, y_curve, truth=true_curve(grid))
for place in (-1.5, 0.0, 1.5):
    i = int(np.abs(grid - place).argmin())
    widths = [float(np.sqrt(prediction.epistemic[i])) for prediction in (bumps, by_backprop)]
    print(f"x = {place:+.1f}: epistemic s.d. {widths[0]:.2f} (bumps, exact), {widths[1]:.2f} (network)")
plots.predictive_bands({"bumps, exact": bumps, "network, Bayes by Backprop": by_backprop})

# %% [markdown] nbgrader={"grade": false, "grade_id": "bayes-by-backprop-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *The same sixty points, with a gap. Left: the bumps, whose posterior is exact. Right: 500 draws of the weights
# of a network under its mean-field q.*
#
# The two models differ, so their bands need not agree. But look at where they are wide. The exact one opens in the
# gap to more than six times its width among the points. The network's is merely twice as wide there, and too wide
# among the points, where it should know: with independent weights it is uncertain everywhere or nowhere. That
# mean-field networks cannot be uncertain just *between* two groups of points is known, and proven for one
# hidden layer of `relu` units (Foong et al. 2020). It is the round ellipse in the tilted ridge again, in 97
# dimensions.
#
# ## Dropout
#
# A cheaper way has been hiding in a trick against overfitting. *Dropout* (Hinton et al. 2012, Srivastava et al.
# 2014) sets each unit of a layer to zero with probability $r$, the *rate*, anew at each training step, and
# divides the others by $1 - r$, so that the layer's mean output stays what it was:
#
# $$ h_j \;\to\; \frac{m_j}{1 - r}\,h_j, \qquad m_j \in \{0, 1\}, \qquad P(m_j = 0) = r . $$
#
# No unit can rely on another one to be there. When training is over, dropout is switched off, and all units
# work together. In Flax, `nn.Dropout(rate)(h, deterministic=…)` does it: with `deterministic=True` it returns
# `h` as it is; with `False` it needs random numbers, for which `apply` takes a key,
#
# ```python
# model.apply(params, x, deterministic=False, rngs={"dropout": key})
# ```
#
# A module remains a pure function: the masks $m$ follow from the key and from nothing else.
#
# **Task `DropoutMLP`.** Write a network from (b, 1) to (b, 1) with at least one hidden layer, and dropout after
# its activation (a rate of 0.1 unless you know better). `deterministic` is `True` or `False`, an argument of
# `__call__`. Two hidden layers of 64 are plenty.


# %% nbgrader={"grade": false, "grade_id": "DropoutMLP", "locked": false, "schema_version": 3, "solution": true, "task": false}
class DropoutMLP(nn.Module):
    """A curve with dropout: x (b, 1), deterministic (dropout off?) -> (b, 1)."""

    @nn.compact
    def __call__(self, x, deterministic):
        ### BEGIN SOLUTION
        for width in (64, 64):
            x = nn.relu(nn.Dense(width)(x))
            x = nn.Dropout(0.1)(x, deterministic=deterministic)
        return nn.Dense(1)(x)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-DropoutMLP", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("DropoutMLP")

# %% nbgrader={"grade": false, "grade_id": "dropout-model", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
dropout_model = DropoutMLP()

# %% [markdown] nbgrader={"grade": false, "grade_id": "train-dropout", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Training, on the points with the gap. The loss is the mean squared error with dropout on, and a little weight
# decay: a key goes into every step. (3,000 steps, a few seconds.)

# %% nbgrader={"grade": false, "grade_id": "train-dropout-code", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("DropoutMLP")


def dropout_loss(params, key):
    """Mean squared error with random masks, and weight decay (a Gaussian prior on the weights)."""
    prediction = dropout_model.apply(params, x_curve, deterministic=False, rngs={"dropout": key})[:, 0]
    squares = sum(jnp.sum(leaf**2) for leaf in jax.tree.leaves(params))
    return jnp.mean((prediction - y_curve) ** 2) + 1e-5 * squares


dropout_params = dropout_model.init(jax.random.PRNGKey(10), x_curve, deterministic=True)
dropout_params, losses = minimise(
    dropout_loss, dropout_params, jax.random.PRNGKey(11), steps=3_000, rate=0.01
)
print(
    f"loss, mean of the first 100 steps: {losses[:100].mean():.3f}, of the last 500: {losses[-500:].mean():.3f}"
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mc-dropout", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Monte Carlo dropout
#
# What if dropout is *not* switched off? Then the prediction is random, and Gal & Ghahramani (2016) saw that this
# randomness means something. Dropping a unit is the same as setting all weights that leave it to zero. So
# training with dropout is training with random weights, drawn from
#
# $$ q(w): \quad w_j = \frac{m_j}{1 - r}\,\theta_j, \qquad m_j\ \text{0 or 1 as above}, $$
#
# and up to details the loss, squared error and weight decay, is the negative ELBO of this $q$. So each
# prediction with dropout on is a prediction with one draw of the weights, and their spread is an epistemic
# uncertainty. It costs nothing but a few more predictions.
#
# **Task `mc_predict`.** Return `num_samples` predictions of `dropout_model` with dropout on, shape (s, b), each
# with masks of its own. `num_samples` is a plain Python number. The loop over samples is best left to
# `jax.vmap`; what must it run over?


# %% nbgrader={"grade": false, "grade_id": "mc_predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mc_predict(params, key, x, num_samples):
    """Predictions with dropout kept on: params, key, x (b, 1), num_samples -> (s, b), independent masks each."""

    ### BEGIN SOLUTION
    def sample(key):
        return dropout_model.apply(params, x, deterministic=False, rngs={"dropout": key})[:, 0]

    return jax.vmap(sample)(jax.random.split(key, num_samples))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-mc_predict", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("mc_predict")

# %% nbgrader={"grade": false, "grade_id": "mc-dropout-figure", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("DropoutMLP", "mc_predict", "dropout_params")
samples = mc_predict(dropout_params, jax.random.PRNGKey(12), x_grid, 500)
plain = dropout_model.apply(dropout_params, x_grid, deterministic=True)[:, 0]
nothing = np.zeros_like(grid)
plots.predictive_bands(
    {
        "dropout off: one curve": Prediction(
            grid, plain, curve_noise**2, nothing, x_curve, y_curve, truth=true_curve(grid)
        ),
        "Monte Carlo dropout, 500 samples": Prediction(
            grid,
            samples.mean(axis=0),
            curve_noise**2,
            samples.var(axis=0),
            x_curve,
            y_curve,
            truth=true_curve(grid),
        ),
    }
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mc-dropout-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Left: the network with dropout off, which has no epistemic part. Right: 500 predictions with dropout on.*
#
# Look before you trust it. The band says where dropping units changes the curve most, and that is where the curve
# is far from zero, not where data are missing: in the gap it is no wider than among the points, and at the ends,
# where nobody has looked, it nearly vanishes (Foong et al. 2020 discuss this, too). And its width follows the
# rate $r$, which was chosen, not learned: with twice the rate it is wider, with however many points. Dropout is
# a cheap warning light; for a width that means something the rate must be tuned on held-out data, or something
# else be used, as we do for the clusters below. (Flax draws masks for each row of `x` separately, so one sample
# is not one curve; for the variance at each `x` that makes no difference.)
#
# ## Which part is which
#
# Suppose that for each of $s$ draws of the weights, $w^{(1)}, \dots, w^{(s)}$, the model gives a distribution of
# $y$ with mean $m_k(x)$ and variance $v_k(x)$. The prediction is the mixture of them all, and its variance is
# given by the *law of total variance*:
#
# $$ \operatorname{Var}[y\,|\,x, \mathcal D]
#    = \underbrace{\mathbb E_{w}\bigl[\operatorname{Var}[y\,|\,x, w]\bigr]}_{\text{aleatoric}}
#    + \underbrace{\operatorname{Var}_{w}\bigl[\mathbb E[y\,|\,x, w]\bigr]}_{\text{epistemic}}
#    \;\approx\; \frac 1 s \sum_k v_k \;+\; \frac 1 s \sum_k \Bigl(m_k - \frac 1 s \sum_l m_l\Bigr)^2 . $$
#
# What remains if the weights were known, and what changes with the weights. Both sums are divided by $s$:
# then the law holds exactly for the mixture of these $s$ distributions, whatever they are.
#
# **Task `decompose`.** Return the two parts, `(aleatoric, epistemic)`, of shape (b,) each, from `means` and
# `variances` of shape (s, b).


# %% nbgrader={"grade": false, "grade_id": "decompose", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decompose(means, variances):
    """Law of total variance: means (s, b), variances (s, b) -> (aleatoric (b,), epistemic (b,))."""
    ### BEGIN SOLUTION
    return variances.mean(axis=0), means.var(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-decompose", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
autograder.check("decompose")

# %% [markdown] nbgrader={"grade": false, "grade_id": "law", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Does it hold? We draw 400 lines from their posterior, and from each line and its noise 500 times $y$ at $x = 0$
# and $x = 6$: the variance of all those $y$ must be the sum of the two parts. Beside it the exact numbers: the
# aleatoric part is $\sigma_n^2$, the epistemic part $(x, 1)\,\Lambda^{-1}\,(x, 1)^\top$.

# %% nbgrader={"grade": false, "grade_id": "law-code", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("decompose")
at = np.array([0.0, 6.0])
random_law = np.random.default_rng(1)
lines = random_law.multivariate_normal(exact_mean, exact_covariance, size=400)
means = lines[:, :1] * at + lines[:, 1:]  # (400, 2)
aleatoric, epistemic = decompose(jnp.asarray(means), jnp.full(means.shape, noise_scale**2))
observed = means + noise_scale * random_law.normal(size=(500, *means.shape))
rows = np.stack([at, np.ones_like(at)], axis=1)
exact_epistemic = np.sum((rows @ exact_covariance) * rows, axis=1)
print("      aleatoric   epistemic (exact)   sum     variance of 200,000 draws of y")
for i, place in enumerate(at):
    parts = f"{aleatoric[i]:.3f}       {epistemic[i]:.3f}   ({exact_epistemic[i]:.3f})"
    print(f"x = {place:.0f}   {parts}     {aleatoric[i] + epistemic[i]:.3f}   {observed[..., i].var():.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "clusters", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Back to the clusters
#
# Now the question of the beginning: how many clusters does it take until a network that weighs them knows what
# it does? We train Mixture Density Networks, as in `04_mdn`, on 500, 5,000 and 50,000 clusters of the
# catalogue, and take the variance of their posteriors apart.
#
# For the epistemic part we use a *deep ensemble* (Lakshminarayanan et al. 2017): five networks of the same kind,
# trained on the same clusters from five random starts. Each is one plausible set of weights; where the clusters
# pin the network down the five agree, and where they do not, each goes its own way. Why an ensemble here, and
# neither of the above? Mean field is too narrow, as the ellipses showed, and costs twice the weights; dropout
# has a rate to be tuned. An ensemble needs no change to the network and nothing to tune, and in comparisons it is
# hard to beat (Ovadia et al. 2019). Its price is five trainings. The five are one `jax.vmap`: parameters with one
# more axis, and the sum of their losses. (Strictly, the recipe also shuffles the clusters differently for each;
# here all five see the same batches.)
#
# *The next cell simulates or reads the catalogue (5 s at most), the one after it trains 15 networks: about 15 s
# on two cores.*

# %% nbgrader={"grade": false, "grade_id": "catalogue", "locked": true, "schema_version": 3, "solution": false, "task": false}
catalog = load_catalog()
train, test = catalog.split(train=200_000, seed=0)
x_train, y_train = train.arrays()
x_test, y_test = (array[:20_000] for array in test.arrays())

# %% nbgrader={"grade": false, "grade_id": "ensembles", "locked": true, "schema_version": 3, "solution": false, "task": false}
members = 5


class MDN(nn.Module):
    """A mixture of four Normals for each cluster, x (b, 14) -> distribution with batch shape (b,)."""

    @nn.compact
    def __call__(self, x):
        for width in (64, 64):
            x = nn.tanh(nn.Dense(width)(x))
        logits, centres, rho = jnp.split(nn.Dense(3 * 4)(x), 3, axis=-1)
        widths = 1e-2 + nn.softplus(rho - 2)  # about 0.13 dex at the start: few clusters, few steps
        return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(centres, widths))


mdn = MDN()


def ensemble_loss(params, x, y):
    """Mean over the members of each one's mean negative log likelihood."""
    losses = jax.vmap(lambda member: -jnp.mean(mdn.apply(member, x).log_prob(y[:, 0])))(params)
    return losses.mean()


ensembles = {}
for size, epochs, batch_size in ((500, 40, 100), (5_000, 20, 256), (50_000, 12, 512)):
    print(f"{members} networks, {size:,} clusters")
    steps = epochs * (size // batch_size)
    keys = jax.random.split(jax.random.PRNGKey(13), members)
    ensembles[size], history = clustermass.fit(
        ensemble_loss,
        jax.vmap(lambda key: mdn.init(key, x_train[:1]))(keys),
        x_train[:size],
        y_train[:size],
        optimizer=optax.adamw(optax.cosine_decay_schedule(2e-3, steps)),
        epochs=epochs,
        batch_size=batch_size,
        key=jax.random.PRNGKey(14),
        validation=(x_test, y_test),
    )

# %% [markdown] nbgrader={"grade": false, "grade_id": "parts", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Each member gives a mean and a variance for each of 20,000 test clusters; `decompose` does the rest. The last
# column is the actual error of the ensemble's mean, rms over the clusters, which "all" should be equal to. (It
# is a little larger, most of all with 500 clusters: there the members give too much weight to distant masses.)

# %% nbgrader={"grade": false, "grade_id": "parts-code", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("decompose", "ensembles")


@jax.jit
def moments(params, x):
    """Means (s, b) and variances (s, b) of the members' posteriors."""

    def member(params):
        q = mdn.apply(params, x)
        return q.mean(), q.variance()

    return jax.vmap(member)(params)


def rms(values):
    return float(jnp.sqrt(jnp.mean(values)))


parts = {}
print("            aleatoric   epistemic     all     actual error, dex")
for size, params in ensembles.items():
    means, variances = moments(params, x_test)
    parts[size] = aleatoric, epistemic = decompose(means, variances)
    error = rms((means.mean(axis=0) - y_test[:, 0]) ** 2)
    print(
        f"{size:6,}        {rms(aleatoric):.3f}       {rms(epistemic):.3f}     {rms(aleatoric + epistemic):.3f}"
        f"     {error:.3f}"
    )

# %% nbgrader={"grade": false, "grade_id": "parts-figure", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("decompose", "parts")
plots.uncertainty_by_size(parts)

# %% nbgrader={"grade": false, "grade_id": "parts-by-mass", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("decompose", "parts")
plots.uncertainty_by_mass(
    y_test, {f"epistemic, {size:,} training clusters": epistemic for size, (_, epistemic) in parts.items()}
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "parts-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Above: both parts of the standard deviation of log mass, rms over 20,000 test clusters, against the number of
# clusters that five networks were trained on. Below: the epistemic part in bins of true mass.*
#
# With a hundred times as many clusters the aleatoric part hardly changes: it is a property of clusters and of
# the 14 features, about 0.15 dex, and no training set will make it smaller. The epistemic part falls to less
# than a third of what it was; already at 5,000 clusters its variance is a twentieth of the other one. With 500
# clusters it is largest for the heaviest ones, of which that training set has a handful: this is what epistemic
# means. (An honest footnote: the five are not five draws from the posterior. They share their clusters, so what
# they all learned wrongly from these they do not disagree about.)
#
# So, to the question that the lecture began with, *which kind of uncertainty should I most worry about?*: with
# 200,000 simulated clusters, not the epistemic one, **as long as the clusters to be weighed look like those
# of the simulation**. For real clusters this last condition is the thing to worry about, and none of the
# methods of this notebook knows about it: five networks that were taught by the same simulation will agree on
# the same mistake.
#
# ## What we have learned, and what we have not
#
# * **Two uncertainties, two cures.** Aleatoric: better features. Epistemic: more data where there are few.
#   `decompose` tells which of them to pay for.
# * **A posterior over weights is an approximation**, and each approximation fails in its own way: mean field is
#   too narrow where weights are correlated, dropout is as wide as its rate, an ensemble is five points of a
#   distribution.
# * **Neither part is a bias.** All of the networks above predict under the training set's distribution of
#   masses, and need `04_mdn`'s change of prior. Total variance says nothing about that.
# * **Unknown unknowns stay unknown.** Far from the training data all of this is extrapolation of a choice of
#   model and prior.
#
# **To try:** the line with 5 and with 200 points; `observe` with `n=600`: which band shrinks? A dropout rate of
# 0.5. An ensemble of two, or of twenty. Networks on 500 clusters with 200 epochs, and what becomes of "all"
# against the actual error.
#
# ### Sources
#
# C. Blundell et al., *Weight uncertainty in neural networks* (2015,
# [arXiv:1505.05424](https://arxiv.org/abs/1505.05424)). A. Y. K. Foong et al., *On the expressiveness of
# approximate inference in Bayesian neural networks* (2020, [arXiv:1909.00719](https://arxiv.org/abs/1909.00719)).
# Y. Gal & Z. Ghahramani, *Dropout as a Bayesian approximation: representing model uncertainty in deep learning*
# (2016, [arXiv:1506.02142](https://arxiv.org/abs/1506.02142)). G. E. Hinton et al., *Improving neural networks by
# preventing co-adaptation of feature detectors* (2012, [arXiv:1207.0580](https://arxiv.org/abs/1207.0580)).
# D. P. Kingma & M. Welling, *Auto-encoding variational Bayes* (2014,
# [arXiv:1312.6114](https://arxiv.org/abs/1312.6114)). B. Lakshminarayanan et al., *Simple and scalable predictive
# uncertainty estimation using deep ensembles* (2017, [arXiv:1612.01474](https://arxiv.org/abs/1612.01474)).
# Y. Ovadia et al., *Can you trust your model's uncertainty?* (2019,
# [arXiv:1906.02530](https://arxiv.org/abs/1906.02530)). N. Srivastava et al., *Dropout: a simple way to prevent
# neural networks from overfitting*, Journal of Machine Learning Research 15, 1929 (2014).
