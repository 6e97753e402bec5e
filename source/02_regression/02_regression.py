# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # Weighing galaxy clusters with a mean squared error
#
# In this notebook you build a neural network that weighs clusters of galaxies, and train it with the loss
# that everybody reaches for first: the mean squared error. It will work. Then you will look at its masses
# more closely, and something will be wrong with them. What it is, and why, is the lesson; the notebook
# `04_mdn` is the cure.
#
# You write four things: a network (`MLP`), a loss (`loss_fn`), a training step (`update`), and a few
# sentences. Where a cell holds a stub, `raise NotImplementedError("Task …")`, put your code instead. Below each
# answer a cell runs `autograder.check(…)`, which tells you at once how you did. Call it as often as you like: it
# is what the grader runs too, on other data. Until an answer is there, the cells that need it say what they wait
# for. If you are stuck, `autograder.hint("MLP")` in a cell of your own gives a hint.
#
# With the answers in place the notebook runs in about a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
import autograder

autograder.begin("02_regression", version="0.1.0")

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax

import clustermass
from clustermass import load_catalog, plots
from clustermass.statistics import binned_residuals

# %% [markdown] nbgrader={"grade": false, "grade_id": "cluster", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## What we weigh
#
# A galaxy cluster is the heaviest thing that gravity has had time to put together: hundreds of galaxies, hot
# gas, and about five times as much dark matter as both, bound in a *halo* one or two megaparsecs across. How
# many clusters of which mass there are depends steeply on how much matter the universe holds and on how lumpy
# it is, so counting clusters is a way of measuring cosmology, provided that we can weigh them.
#
# A halo has no edge. By convention its mass is $M_{200\mathrm c}$: the mass inside the radius $R_{200\mathrm
# c}$ within which the mean density is 200 times the critical density of the universe at the cluster's
# redshift $z$,
#
# $$ M_{200\mathrm c} = \frac{4\pi}{3} R_{200\mathrm c}^3 \times 200\,\rho_{\rm crit}(z). $$
#
# It is given in $h^{-1} M_\odot$, solar masses divided by the Hubble constant in units of
# $100\;\mathrm{km\,s^{-1}\,Mpc^{-1}}$, because that is how simulations measure it.
#
# No scale takes a cluster. What a survey sees is the positions of galaxies on the sky, their brightness, and,
# from the redshift, their velocity *along the line of sight*. The classical way goes back to Zwicky (1933):
# galaxies that move fast need a deep well to stay in, and the virial theorem gives the mass, $M \propto
# \sigma_v^3$, from the spread $\sigma_v$ of those velocities. What makes it hard:
#
# * we see one component of the velocity out of three, of a few dozen galaxies, so $\sigma_v$ is noisy;
# * clusters are still falling together: they are neither round nor at rest, so two of equal mass differ;
# * galaxies in front and behind are seen in the same direction at nearly the same redshift. These
#   *interlopers* belong to filaments and to neighbouring clusters, and some of them change $\sigma_v$ by a
#   factor of two.
#
# ## The data
#
# Our clusters are those of Ho et al. (2019, [arXiv:1902.05950](https://arxiv.org/abs/1902.05950)), who looked
# at MultiDark Planck 2 (Klypin et al. 2016), a simulation of dark matter in a box of one cubic gigaparsec, as
# an observer would: a cylinder of radius $1.6\;h^{-1}\mathrm{Mpc}$ on the sky and $\pm
# 2200\;\mathrm{km\,s^{-1}}$ in depth around each cluster, along several lines of sight, with everything that
# happens to be inside. That gives 261,287 clusters. Unless you have their table, `load_catalog()` simulates
# one like it: the halo mass function, galaxies that orbit in their halos, neighbours in projection, the same
# cylinder.
#
# Every cluster is described by 14 numbers:
#
# | | features |
# | --- | --- |
# | richness | $\log_{10} N_{\rm gal}$, the number of galaxies in the cylinder |
# | velocity dispersion | $\log_{10} \sigma_v$, in km/s |
# | projected radii $R$ | mean, standard deviation, skewness and kurtosis, $h^{-1}$ Mpc |
# | log stellar masses $m$ | the same four |
# | line-of-sight velocities $v$ | the same four, km/s |
#
# (Skewness and kurtosis are the third and fourth moments of a distribution, standardised: how lopsided it is,
# and how heavy its tails are.) `arrays()` standardises the features with the training set's mean and standard
# deviation, `x` of shape (b, 14) for b clusters, and gives the target in units that make residuals readable:
# $y = \log_{10}(M_{200\mathrm c} / 10^{14}\,h^{-1} M_\odot)$, of shape (b, 1). A residual of 0.1 is thus 0.1
# *dex*, a factor $10^{0.1} = 1.26$ in mass.
#
# *The first run simulates the catalogue (about 5 s on two cores) and keeps it; later ones read it.*

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
catalog = load_catalog()
train, test = catalog.split(train=200_000, seed=0)
x_train, y_train = train.arrays()
x_test, y_test = test.arrays()
catalog

# %% nbgrader={"grade": false, "grade_id": "first-rows", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(catalog.table["M200c", "Ngal", "sigv", "R_mean", "m_mean", "v_std"][:5])

# %% [markdown] nbgrader={"grade": false, "grade_id": "one-feature", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### What one number knows
#
# Before any network: a straight line through $\log M$ against $\log \sigma_v$, the classical estimate, fitted
# by least squares. Its scatter is the one to beat. (Look at the dashed line in the figure, too, the median of
# the predictions: heavy clusters are far below the line of equality. Keep that in mind.)

# %% nbgrader={"grade": false, "grade_id": "m-sigma", "locked": true, "schema_version": 3, "solution": false, "task": false}
log_dispersion = x_train[:, 1]
slope, intercept = np.polyfit(log_dispersion, y_train[:, 0], 1)
from_dispersion = slope * x_test[:, 1] + intercept
print(f"mass from the velocity dispersion alone: scatter {np.std(from_dispersion - y_test[:, 0]):.3f} dex")
plots.mass_prediction(y_test, from_dispersion)

# %% [markdown] nbgrader={"grade": false, "grade_id": "mlp", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A neural network is a function of its parameters
#
# In JAX a function that is to be differentiated, compiled or exported must be *pure*: what comes out depends
# on what goes in and on nothing else. A network is no exception, so a Flax module holds no weights. It is a
# recipe with two pure functions:
#
# ```python
# params = model.init(key, x)        # draw weights that fit inputs shaped like x
# prediction = model.apply(params, x)   # the network's output with these weights
# ```
#
# Layers are made where they are used, inside a `__call__` that is marked `@nn.compact`. `nn.Dense(128)` makes a
# layer, and `nn.Dense(128)(x)` is its output: an affine map (a matrix times $x$, plus a vector) to 128 numbers,
# its *units*. `nn.relu` and `nn.tanh` act on each of them. All layers but the last are called *hidden*.
#
# **Task `MLP`.** Return one real number per cluster, shape (b, 1), from its features, shape (b, 14). Two or
# three hidden layers of about 100 units are plenty. Mind the last layer: $y$ can be negative and larger than
# 1.


# %% nbgrader={"grade": false, "grade_id": "MLP", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MLP(nn.Module):
    """Mass from features: x (b, 14), standardised -> (b, 1), log10(M200c / 1e14 h^-1 Msun)."""

    @nn.compact
    def __call__(self, x):
        ### BEGIN SOLUTION
        x = nn.relu(nn.Dense(128)(x))
        x = nn.relu(nn.Dense(128)(x))
        x = nn.tanh(nn.Dense(64)(x))
        return nn.Dense(1)(x)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-MLP", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("MLP")

# %% nbgrader={"grade": false, "grade_id": "model", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
model = MLP()

# %% nbgrader={"grade": false, "grade_id": "init", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MLP")
params = model.init(jax.random.PRNGKey(0), x_train[:1])
weights = sum(leaf.size for leaf in jax.tree.leaves(params))
print(f"{weights:,} weights; from x {x_train[:5].shape} to {model.apply(params, x_train[:5]).shape}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## The loss
#
# How wrong are the masses? The mean squared error over a batch of $b$ clusters is
#
# $$ \mathcal L(\theta) = \frac 1 b \sum_{i=1}^{b} \bigl( f_\theta(x_i) - y_i \bigr)^2 . $$
#
# **Task `loss_fn`.** Return it, one number of shape (), for the network `model` with the parameters that come
# in. The parameters must be an argument and not a global: JAX differentiates a function with respect to what
# it is *given*.
#
# One trap, here and everywhere in array programming: a (b, 1) minus a (b,) is a (b, b), without a word of
# complaint.


# %% nbgrader={"grade": false, "grade_id": "loss_fn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_fn(params, x, y):
    """Mean squared error of `model`: params, x (b, 14), y (b, 1) -> (), in dex^2."""
    ### BEGIN SOLUTION
    prediction = model.apply(params, x)
    return jnp.mean((prediction - y) ** 2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-loss_fn", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("loss_fn")

# %% [markdown] nbgrader={"grade": false, "grade_id": "update-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## One step of training
#
# `jax.grad(loss_fn)` is again a function. It takes what `loss_fn` takes and returns the derivative with
# respect to the first argument, in the shape of the parameters: a tree of arrays (dictionaries in
# dictionaries, with an array at each end). Gradient descent would subtract a small multiple of it, array by
# array. Adam (Kingma & Ba 2015) scales each component by its recent size, so it must remember something from
# step to step. In Optax that memory is no hidden attribute: it comes in as `opt_state` and goes out again. With
# an optimiser `tx`, and `gradients` from `jax.grad`:
#
# ```python
# opt_state = tx.init(params)
# updates, opt_state = tx.update(gradients, opt_state)
# params = optax.apply_updates(params, updates)
# ```

# %% nbgrader={"grade": false, "grade_id": "optimiser", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
tx = optax.adam(1e-3)

# %% [markdown] nbgrader={"grade": false, "grade_id": "update-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task `update`.** Take one step of `tx` on `loss_fn` with the batch (x, y): return the new parameters and
# the new optimiser state. No printing and no changing in place, so that `jax.jit` can compile the whole step.


# %% nbgrader={"grade": false, "grade_id": "update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update(params, opt_state, x, y):
    """One step of `tx` on `loss_fn`: params, opt_state, x (b, 14), y (b, 1) -> (params, opt_state)."""
    ### BEGIN SOLUTION
    gradients = jax.grad(loss_fn)(params, x, y)
    updates, opt_state = tx.update(gradients, opt_state, params)
    return optax.apply_updates(params, updates), opt_state
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-update", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
autograder.check("update")

# %% [markdown] nbgrader={"grade": false, "grade_id": "by-hand", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Three hundred steps by hand, on batches drawn at random. The first call compiles; the others only compute.
# (2 s)

# %% nbgrader={"grade": false, "grade_id": "training-by-hand", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MLP", "loss_fn", "update", "params")
step = jax.jit(update)
opt_state = tx.init(params)
rng = np.random.default_rng(0)
for i in range(301):
    rows = rng.integers(len(x_train), size=512)
    params, opt_state = step(params, opt_state, x_train[rows], y_train[rows])
    if i % 100 == 0:
        print(f"step {i:3d}: loss {loss_fn(params, x_test[:5000], y_test[:5000]):.4f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Training
#
# `clustermass.fit` does the same with a whole epoch, every cluster once in random order, in one compiled
# program. It returns the parameters and the history of the loss. We also let the learning rate fall to zero
# along a cosine: Adam's last steps at a constant rate jitter around the minimum, which moves all masses
# together by a few hundredths of a dex. About 5 s for five epochs on two cores.

# %% nbgrader={"grade": false, "grade_id": "fit", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MLP", "loss_fn")
epochs, batch_size = 5, 512
learning_rate = optax.cosine_decay_schedule(2e-3, decay_steps=epochs * (len(x_train) // batch_size))
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

# %% [markdown] nbgrader={"grade": false, "grade_id": "masses", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Masses
#
# The curves show the loss on the training clusters and, as *validation*, on the test clusters, none of which the
# network was trained on. They end together, at about 0.017 dex²: it has not merely learnt its examples by
# heart. The square root of that, 0.13 dex, is how far a mass is off, typically.
#
# The moment of truth: predicted against true mass for the test clusters.

# %% nbgrader={"grade": false, "grade_id": "mass-prediction", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MLP", "loss_fn", "history")
y_pred = np.asarray(model.apply(params, x_test))
print(f"scatter {np.std(y_pred - y_test):.3f} dex, mean residual {np.mean(y_pred - y_test):+.3f} dex")
plots.mass_prediction(y_test, y_pred)

# %% [markdown] nbgrader={"grade": false, "grade_id": "closer", "locked": true, "schema_version": 3, "solution": false, "task": false}
# A scatter of about 0.13 dex, half of what the velocity dispersion alone gives, and a mean residual close to
# zero. One could publish that. But look at the dashed line, the median: where does it run? The figure below
# asks a sharper question: *among clusters of a given true mass, what do we say on average?* Each point is the
# median of the residuals $\log_{10} M_{\rm predicted} - \log_{10} M_{\rm true}$ in a bin of true mass, and
# the bands hold 68 % and 95 % of the clusters. The table below the figure gives the medians from 13.8 to 15.0,
# with their standard errors.

# %% nbgrader={"grade": false, "grade_id": "bias", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MLP", "loss_fn", "y_pred")
plots.binned_residuals(y_test, y_pred)

# %% nbgrader={"grade": false, "grade_id": "bias-table", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("MLP", "loss_fn", "y_pred")
summary = binned_residuals(y_test, y_pred)
print("log10 M   clusters   median residual [dex]")
for i, centre in enumerate(summary.centres):
    median, error = summary.median[i], summary.median_error[i]
    print(f"{14 + centre:7.1f}   {summary.counts[i]:8d}   {median:+.3f} ± {error:.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "why", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## What is going on?
#
# The network is trained on thousands of clusters around $10^{14.3}\,h^{-1} M_\odot$, it is flexible enough,
# the loss has converged, and the clusters are not special. Nevertheless it makes them too light by about 0.08
# dex, or 17 %: dozens of standard errors. More data would not help, and neither would a larger network.
# **Stop here, and discuss it with your neighbours before you read on.**
#
# ### What a mean squared error asks for
#
# With many clusters the sum over the training set becomes an integral over their distribution $p(x, y) =
# p(y\,|\,x)\,p(x)$:
#
# $$ \frac 1 n \sum_i \bigl(y_i - f_\theta(x_i)\bigr)^2 \;\longrightarrow\;
#    \int \left[ \int \bigl(y - f_\theta(x)\bigr)^2 \, p(y\,|\,x)\,\mathrm dy \right] p(x)\,\mathrm dx . $$
#
# A flexible network can choose the number $f = f_\theta(x)$ at each $x$ separately, so it minimises the
# bracket:
#
# $$ \frac{\partial}{\partial f} \int (y - f)^2\,p(y\,|\,x)\,\mathrm dy
#    = -2 \int (y - f)\,p(y\,|\,x)\,\mathrm dy = 0
#    \quad\Longrightarrow\quad
#    f_{\theta^\star}(x) = \int y\,p(y\,|\,x)\,\mathrm dy = \mathbb E[\,y\,|\,x\,] . $$
#
# So the network did its job. It returns the *mean of the posterior* $p(y\,|\,x)$, the average mass of all
# training clusters that look like this one. Nobody told it to be right on average for clusters of a given
# *mass*.
#
# **Task `explain_bias`.** In a few sentences: why is the mean of $p(y\,|\,x)$ too low where the figure shows
# it, and why would neither more data nor a larger network help? Write $p(y\,|\,x)$ with Bayes' theorem, and
# ask what each factor is for *this* training set. (What would happen at the light end, and why?)

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_bias", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# The features do not fix the mass: at a given $x$ there is a whole distribution of masses, by Bayes' theorem
# $p(y\,|\,x) \propto p(x\,|\,y)\,p(y)$. The likelihood $p(x\,|\,y)$ is the physics of clusters and of
# observing them; $p(y)$ is the distribution of masses *in the training set*, which follows the mass function
# of halos and falls steeply: around $10^{14.3}$ by more than a factor of two every 0.2 dex. Among the
# clusters that look like one of $10^{14.3}$, most are therefore lighter ones that were scattered up (by
# interlopers, for instance), simply because there are so many more of them. The mean of $p(y\,|\,x)$ is
# drawn towards them, and clusters of that true mass are predicted too light. If $p(y) \propto e^{-\beta y}$
# and the likelihood is a Gaussian of width $\sigma$, the shift is exactly $-\beta\sigma^2$; with $\beta
# \approx 4$ per dex and $\sigma \approx 0.13$ dex, that is $-0.07$ dex, about what the figure shows.
#
# More data and a larger network only bring the output closer to $\mathbb E[y\,|\,x]$, and it is just that
# quantity that is biased. At the light end the catalogue stops at $10^{13.5}$: there is nothing below to be
# drawn to, the prior pushes upwards, and masses come out too high. At the heavy end the training set has as
# many clusters of each mass (they are seen along more lines of sight), and the bias fades. It is a property
# of the population that we trained on, and so the remedy is to have the whole posterior, in which the
# population can be exchanged: see `04_mdn`.
