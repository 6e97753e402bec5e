# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] nbgrader={"grade": false, "grade_id": "title", "locked": true, "schema_version": 3, "solution": false, "task": false}
# # JAX: NumPy, gradients, compilation
#
# Everything in this course is written in JAX: the networks that weigh galaxy clusters, their losses, their
# training. Here you learn what JAX is, on functions so small that you can check each number by hand. There is
# one idea behind all of it. JAX takes a Python *function*, finds out what it computes, and makes another
# function of it: its derivative, a compiled version, a version for a whole batch. That works for *pure*
# functions. What those are, and what goes wrong with others, is half of this notebook.
#
# You write seven short functions. With the answers in place the notebook runs in about half a minute.
#
# ### How a notebook works
#
# A notebook is a list of cells, of text or of code. Click on a code cell and press **Shift+Enter**: it runs,
# its output appears below it, and the next cell is selected. The number in brackets counts the cells in the
# order in which they ran; a star there means "still running".
#
# What a cell defines lives in the *kernel*, a Python process behind the page. The kernel knows what was run,
# in the order in which it was run, and not what stands on the page. If something is odd, or if you come back
# tomorrow, start it afresh: in the menu, **Kernel → Restart Kernel and Run up to Selected Cell…**.
#
# * **Your cells** hold a *stub*, `raise NotImplementedError("Task …")`. Put your code in its place.
# * **The other cells are locked**: run them, and leave them as they are. (Grading restores them.) To try
#   something out, add a cell of your own with the **+** above. (Grading runs it, too.)
# * **`autograder.check("…")`**, below each answer, shows what is right and what to mend first. Call it as often
#   as you like. Grading makes the same checks, on other numbers.
# * **`autograder.hint("…")`**, in a cell of your own, gives a hint: `autograder.hint("gradient")`. Each question
#   has three, from gentle to nearly telling.
# * A cell that needs an answer which is not there yet says, in one line, what it waits for.
#
# The checks come in families. *Pure* and *jittable* are explained below; *correct* means the right numbers. An
# answer that is not correct has no points.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
import autograder

autograder.begin("01_jax", version="0.1.0")

import time

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax

from clustermass import plots

# %% [markdown] nbgrader={"grade": false, "grade_id": "numpy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## NumPy, on whatever device there is
#
# JAX is three things in one (Frostig et al. 2018, *Compiling machine learning programs via high-level tracing*):
#
# 1. **NumPy**: `jax.numpy`, here called `jnp`, has the functions of `numpy` under the same names;
# 2. **autograd**: the derivative of any function that is written with them, exactly and automatically;
# 3. **XLA**: a compiler that turns such a function into one program for whatever is there, a CPU, a GPU or a
#    TPU. You write nothing for a particular device.
#
# This is yours:

# %% nbgrader={"grade": false, "grade_id": "devices", "locked": true, "schema_version": 3, "solution": false, "task": false}
jax.devices()

# %% [markdown] nbgrader={"grade": false, "grade_id": "matrix-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Our first function multiplies a vector $x$ of 10 numbers by a matrix $m$ (some matrix; here the identity) and
# adds up the result, $y = \sum_i \sum_j m_{ij} x_j$. Word for word it could be NumPy. In this course every
# function says what shapes it takes and returns: `(10,) -> ()` is a vector of 10 in, and a single number out.

# %% nbgrader={"grade": false, "grade_id": "matrix", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
m = jnp.eye(10)


def my_func(x):
    """The sum of the entries of m x: (10,) -> ()."""
    return m.dot(x).sum()


# %% nbgrader={"grade": false, "grade_id": "first-call", "locked": true, "schema_version": 3, "solution": false, "task": false}
x = jnp.linspace(0, 1, 10)
y = my_func(x)
print(f"x, {x.dtype}{list(x.shape)} on {x.device}:")
print(x)
print(f"y = {y}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "differences", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Two differences to NumPy will meet you again and again. Numbers have **32 bits** unless you ask for more, about
# seven decimal digits: it is what GPUs are fast at. And an array **cannot be changed**: instead of assigning to
# an entry one makes a new array, with `x.at[…].set(…)`. (In a compiled function that need not cost a copy.)

# %% nbgrader={"grade": false, "grade_id": "differences-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("NumPy:", np.linspace(0, 1, 10).dtype, " JAX:", x.dtype)
try:
    x[0] = 5.0
except TypeError as error:
    print("x[0] = 5.0:", str(error).split(". ")[0] + ".")
print("x.at[0].set(5.0)[:3]:", x.at[0].set(5.0)[:3], " and x[:3] is still", x[:3])

# %% [markdown] nbgrader={"grade": false, "grade_id": "gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Gradients
#
# `jax.grad` takes a function with one number as its value and returns a new *function*, its gradient. What it
# does is neither finite differences nor algebra on formulas: it follows the chain rule backwards through the
# operations that the function is made of. The gradient is exact up to rounding, and costs a few times the
# function itself, however many arguments there are (Baydin et al. 2018,
# [arXiv:1502.05767](https://arxiv.org/abs/1502.05767)). That is why a network with a million weights can be
# trained at all.

# %% nbgrader={"grade": false, "grade_id": "grad-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
slope = jax.grad(jnp.sin)
print("derivative of the sine at 0.5:", slope(0.5), " cosine:", jnp.cos(0.5))
print("second derivative:            ", jax.grad(slope)(0.5), " minus sine:", -jnp.sin(0.5))
try:
    slope(x)
except TypeError as error:
    print("of an array:", error)

# %% [markdown] nbgrader={"grade": false, "grade_id": "gradient-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The last line says what `jax.grad` is not for: the sine of an array is an array, and only *one* number has a
# gradient. What goes in may well be an array, though: the gradient of $y(x_1, \dots, x_{10})$ is an array too,
# with an entry $\partial y / \partial x_j$ for each $x_j$.
#
# Note what is handed over: the function `jnp.sin` itself, not one of its values. What comes back is called like
# any other function.
#
# **Task `gradient`.** Return the gradient of `my_func` at `x`, of shape (10,). What should it be, by hand?


# %% nbgrader={"grade": false, "grade_id": "gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient(x):
    """Gradient of `my_func`: (10,) -> (10,)."""
    ### BEGIN SOLUTION
    return jax.grad(my_func)(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-gradient", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
autograder.check("gradient")

# %% nbgrader={"grade": false, "grade_id": "gradient-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("gradient")
gradient(x)

# %% [markdown] nbgrader={"grade": false, "grade_id": "pure", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Pure functions
#
# A function is **pure** if
#
# * its result depends on its arguments and on nothing else, and
# * it does nothing but return that result: it prints nothing, draws no hidden random number, changes neither
#   its arguments nor anything outside.
#
# The sine is pure, and so is every formula. In plain Python, purity is good taste. In JAX it is what everything
# stands on, because JAX does not run your Python each time. Let us see what happens to two functions that are
# *not* pure, under `jax.jit`, which makes a compiled version of a function: one that runs as a single program,
# without Python. (How, and what for, comes right after.)
#
# ### A side effect


# %% nbgrader={"grade": false, "grade_id": "side-effect", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
def impure_fun_side_effect(x):
    """The polynomial 2 x^2 + 3 x + 2, and a line on the screen."""
    print("I am a side effect")
    return 2 * x**2 + 3 * x + 2


# %% nbgrader={"grade": false, "grade_id": "side-effect-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("--- plain Python")
for value in (1.0, 2.0, 3.0):
    print(impure_fun_side_effect(value))

print("--- compiled")
compiled = jax.jit(impure_fun_side_effect)
for value in (1.0, 2.0, 3.0):
    print(compiled(value))

# %% [markdown] nbgrader={"grade": false, "grade_id": "pure_polynomial-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The numbers are right, but the side effect came once instead of three times. (Run the cell again, and the
# compiled version prints nothing at all: JAX has kept the program.) At the first call, JAX runs the Python
# function with a placeholder for `x`, to write down which operations it makes: it *traces* it. Multiplications
# and additions are written down. `print` is Python's business, it happens during tracing, and it is not in the
# compiled program that all later calls use. The same would befall a line that appends to a list, counts calls
# or draws a random number.
#
# **Task `pure_polynomial`.** Write the function as a pure one: the same values, no side effect. `x` may be one
# number, shape (), or several, shape (b,), b being how many.


# %% nbgrader={"grade": false, "grade_id": "pure_polynomial", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pure_polynomial(x):
    """2 x^2 + 3 x + 2, and nothing else: () -> (), (b,) -> (b,)."""
    ### BEGIN SOLUTION
    return 2 * x**2 + 3 * x + 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-pure_polynomial", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
autograder.check("pure_polynomial")

# %% [markdown] nbgrader={"grade": false, "grade_id": "global", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### A global
#
# The other way of being impure goes unnoticed for longer. Nothing is printed; but the result depends on
# something that is no argument.

# %% nbgrader={"grade": false, "grade_id": "uses-globals", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
C = 10.0


def impure_fun_uses_globals(x):
    """2 x^2 + 3 x + C, with whatever C is just now."""
    return 2 * x**2 + 3 * x + C


# %% nbgrader={"grade": false, "grade_id": "global-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
compiled = jax.jit(impure_fun_uses_globals)
print("C = 10:  plain", impure_fun_uses_globals(1.0), "  compiled", compiled(1.0))
C = 20.0
print("C = 20:  plain", impure_fun_uses_globals(1.0), "  compiled", compiled(1.0))
C = 10.0  # as it was

# %% [markdown] nbgrader={"grade": false, "grade_id": "offset_polynomial-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# A wrong number, without a word of warning. `C` was read while tracing, and the 10 that it was then became part
# of the program. Now think of `C` as the weights of a network that is being trained.
#
# (`my_func` reads a global as well, the matrix `m`. It does no harm as long as nobody changes `m`, and that "as
# long as" is the trouble with globals. In the other notebooks, to read a number that is set once costs no
# points. Here it does: it is what the question is about.)
#
# **Task `offset_polynomial`.** Write it so that the offset is an argument, and the compiled version follows.
# `x` has shape () or (b,), `c` is one number.


# %% nbgrader={"grade": false, "grade_id": "offset_polynomial", "locked": false, "schema_version": 3, "solution": true, "task": false}
def offset_polynomial(x, c):
    """2 x^2 + 3 x + c: x () or (b,), c () -> the shape of x."""
    ### BEGIN SOLUTION
    return 2 * x**2 + 3 * x + c
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-offset_polynomial", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
autograder.check("offset_polynomial")

# %% nbgrader={"grade": false, "grade_id": "offset-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("offset_polynomial")
compiled = jax.jit(offset_polynomial)
for c in (10.0, 20.0):
    print(f"c = {c:g}:  plain", offset_polynomial(1.0, c), "  compiled", compiled(1.0, c))

# %% [markdown] nbgrader={"grade": false, "grade_id": "compilation", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Compilation
#
# What does tracing write down? Here is the polynomial as a pure function, and its trace, a *jaxpr*: a list of
# elementary operations on arrays of fixed shape and type, `f32[]` being one number of 32 bits. Compare the last
# addition of the two traces: the global has become the constant 10.


# %% nbgrader={"grade": false, "grade_id": "polynomial", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
def f(x):
    """The polynomial 2 x^2 + 3 x + 2, whose derivative is 4 x + 3."""
    return 2 * x**2 + 3 * x + 2


# %% nbgrader={"grade": false, "grade_id": "traced", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(jax.make_jaxpr(f)(1.0))
print("\nwith the global C in it:\n")
print(jax.make_jaxpr(impure_fun_uses_globals)(1.0))

# %% [markdown] nbgrader={"grade": false, "grade_id": "stablehlo", "locked": true, "schema_version": 3, "solution": false, "task": false}
# All transformations of JAX work on such a list. `jax.grad` applies the chain rule to it line by line. `jax.jit`
# hands it to the compiler XLA, in a form named StableHLO, which knows nothing of the device yet:

# %% nbgrader={"grade": false, "grade_id": "lowered", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(jax.jit(f).lower(1.0).as_text())

# %% [markdown] nbgrader={"grade": false, "grade_id": "tracer", "locked": true, "schema_version": 3, "solution": false, "task": false}
# (It is this text that `autograder.check` makes of your answers, and runs, on numbers that your Python never
# sees. That is why it asks for pure functions.)
#
# The placeholder has a shape and a type but no value. So a compiled function cannot *decide* by a value in
# Python, with `if` or `while`. It has to compute with arrays; `jnp.where` chooses between two values. A function
# that JAX can trace is what the checks call *jittable*.


# %% nbgrader={"grade": false, "grade_id": "tracer-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
def clipped(x):
    if x > 0:
        return x
    return 0.0 * x


try:
    jax.jit(clipped)(1.0)
except jax.errors.TracerBoolConversionError as error:
    print("with if:   ", str(error).splitlines()[0])

clipped_jitted = jax.jit(lambda x: jnp.where(x > 0, x, 0.0))
print("with where:", clipped_jitted(jnp.array([-1.0, 1.0])))

# %% [markdown] nbgrader={"grade": false, "grade_id": "jit-ways", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Decorator or transformation
#
# `jax.jit` is a function from a function to a function. It can be written as a *decorator*, above the
# definition, or called as a *transformation* of a function that exists already. Python takes the first for the
# second: `@jax.jit` above `def g` means `g = jax.jit(g)`.
#
# As an example, galaxies in a cluster. Let their line-of-sight velocities $v$, in units of 1000 km/s, be
# distributed as a mixture of two Gaussians: 70 % members with a dispersion of 0.8, and 30 % *interlopers* with
# 2.0, galaxies in front and behind that only look as if they belonged to it. And let a galaxy at position
# $(x_1, x_2)$, in Mpc, move in the potential
#
# $$ \Phi(x) = \tfrac12 \ln\left(|x|^2 + r_{\rm c}^2\right), \qquad r_{\rm c} = 0.1\;\mathrm{Mpc}, $$
#
# in units of $(1000\;\mathrm{km/s})^2$: far out, circular orbits of any radius have a speed of 1000 km/s
# (Binney & Tremaine 2008, *Galactic Dynamics*, section 2.3). Its acceleration is $-\nabla\Phi$, and so there is
# no need to derive it. Time is in Mpc / (1000 km/s), 0.98 billion years.


# %% nbgrader={"grade": false, "grade_id": "two-ways", "locked": true, "schema_version": 3, "solution": false, "task": false}
@jax.jit  # as a decorator
def log_density(velocity):
    """Log density of members and interlopers at each velocity, in units of 1000 km/s: (n,) -> (n,)."""
    members = 0.7 / 0.8 * jnp.exp(-0.5 * (velocity / 0.8) ** 2)
    interlopers = 0.3 / 2.0 * jnp.exp(-0.5 * (velocity / 2.0) ** 2)
    return jnp.log(members + interlopers) - 0.5 * jnp.log(2 * jnp.pi)


def potential(position):
    """Potential of the cluster, in (1000 km/s)^2, at a position (2,) in Mpc -> ()."""
    return 0.5 * jnp.log(jnp.sum(position**2) + 0.1**2)


potential_jitted = jax.jit(potential)  # as a transformation

print(log_density(jnp.array([0.0, 1.0, 2.0])))
print(potential_jitted(jnp.array([1.0, 0.0])))

# %% [markdown] nbgrader={"grade": false, "grade_id": "matvec-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task `matvec`.** Return the product of a matrix `W`, of shape (n, d), and a vector `x`, of shape (d,): a
# vector of shape (n,), compiled. Decorator or transformation, as you like. But compile it *once*, where it is
# defined: a `jax.jit` inside the body would start anew at every call.


# %% nbgrader={"grade": false, "grade_id": "matvec", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matvec(W, x):
    """Matrix-vector product, compiled: (n, d), (d,) -> (n,)."""
    ### BEGIN SOLUTION
    return W.dot(x)


matvec = jax.jit(matvec)
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-matvec", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
autograder.check("matvec")

# %% [markdown] nbgrader={"grade": false, "grade_id": "timing", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### What compiling costs, and what it buys
#
# The first call of a compiled function traces and compiles; later calls with arguments of the same shapes and
# types only run the program. Other shapes are another program, and compile again. We time three ways of calling:
#
# * **without jit**: Python sends one operation after another to the device;
# * **first call with jit**: trace, compile, run;
# * **later calls with jit**: run.
#
# Two things need care. JAX computes in the background: a call returns at once, with an array that is still being
# filled. A clock must wait for it, with `jax.block_until_ready`. And a computer does other things as well, which
# can make a call longer but never shorter, so the *shortest* of several calls is the one to quote.


# %% nbgrader={"grade": false, "grade_id": "clock", "locked": true, "schema_version": 3, "solution": false, "task": false}
def seconds(function, *arguments, calls=20):
    """The shortest of several calls, in seconds, waiting for the result."""
    durations = []
    for _ in range(calls):
        start = time.perf_counter()
        jax.block_until_ready(function(*arguments))
        durations.append(time.perf_counter() - start)
    return min(durations)


def with_and_without_jit(function, *arguments):
    """Seconds of a call, by the way of calling."""
    seconds(function, *arguments, calls=1)  # what JAX compiles by itself, operation by operation
    compiled = jax.jit(lambda *args: function(*args))  # a new function: nothing is compiled for it yet
    return {
        "without jit": seconds(function, *arguments),
        "first call with jit": seconds(compiled, *arguments, calls=1),
        "later calls with jit": seconds(compiled, *arguments),
    }


def step(position, velocity):
    """Move a galaxy on by 0.02, some 20 million years: position (2,), velocity (2,) -> both, later."""
    velocity = velocity - 0.02 * jax.grad(potential)(position)
    return position + 0.02 * velocity, velocity


velocities = jax.random.normal(jax.random.PRNGKey(0), (1_000_000,))
position, velocity = jnp.array([1.0, 0.0]), jnp.array([0.0, 0.5])
durations = {
    "log density of\n1,000,000 velocities": with_and_without_jit(log_density.__wrapped__, velocities),
    "one step\nof an orbit": with_and_without_jit(step, position, velocity),
}
plots.timings(durations)

# %% [markdown] nbgrader={"grade": false, "grade_id": "timing-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Wall time of a call, on a logarithmic axis: each line of the grid is ten times as long as the one to its left.
# A decorator keeps the plain function as `__wrapped__`, which is what was timed without jit.*

# %% nbgrader={"grade": false, "grade_id": "gain", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, ways in durations.items():
    plain, first, later = ways.values()
    print(" ".join(name.split()) + f": {plain / later:.0f} times as fast", end="")
    print(f"; compiling is paid back after {first / (plain - later):.0f} calls" if plain > later else "")

# %% [markdown] nbgrader={"grade": false, "grade_id": "timing-read", "locked": true, "schema_version": 3, "solution": false, "task": false}
# Read the figure from right to left. The first call is by far the longest. Whoever calls a function once had better not
# compile it, and whoever makes a new function and compiles it at every call pays that price every time. Then the
# gain, and it depends on what there is to be gained:
#
# * The density of a million velocities is a dozen operations. Without jit each of them reads a million numbers
#   from memory and writes a million back. XLA *fuses* them: it reads each number once, and does all that is to
#   be done with it.
# * The step of an orbit computes with two numbers. Nearly all its time was Python: deriving the gradient, and
#   sending tiny operations one by one. None of that is left.
#
# And a single operation? There is nothing to fuse, and a matrix product is compiled by JAX anyway. Expect two
# times that are about equal:

# %% nbgrader={"grade": false, "grade_id": "matvec-timed", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("matvec", "seconds")
W, ones = jnp.ones((1000, 1000)), jnp.ones(1000)
matvec(W, ones)
print(f"W.dot(x), 1000 x 1000: {1e6 * seconds(W.dot, ones, calls=50):.0f} µs")
print(f"matvec(W, x):          {1e6 * seconds(matvec, W, ones, calls=50):.0f} µs")

# %% [markdown] nbgrader={"grade": false, "grade_id": "derivatives", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Jacobians and Hessians
#
# `jax.grad` has relatives. For a function with several values, $y_i(x)$, the *Jacobian* $J_{ij} = \partial y_i /
# \partial x_j$ has a row for each value and a column for each argument: `jax.jacobian`. For a function with one
# value, the *Hessian* $H_{ij} = \partial^2 y / \partial x_i \partial x_j$ holds all second derivatives:
# `jax.hessian`. (At the peak of a log density it is, up to its sign, the inverse covariance of the Gaussian that
# fits there: the way to error bars.) For a function of one number like `f` they are simply $f'$ and $f''$.

# %% nbgrader={"grade": false, "grade_id": "derivatives-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
df_dx = jax.grad(f)
jac = jax.jacobian(f)
hess = jax.hessian(f)
print("f'(1) =", df_dx(1.0), " Jacobian:", jac(1.0), " Hessian, f''(1) =", hess(1.0))


# %% nbgrader={"grade": false, "grade_id": "functions-of-three", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["given"]
def vector_func(x):
    """Two functions of three numbers: (3,) -> (2,)."""
    return jnp.array([x[0] * x[1], jnp.sin(x[2]) + x[0] ** 2])


def scalar_func(x):
    """One function of three numbers: (3,) -> ()."""
    return jnp.exp(x[0]) * x[1] ** 2 + x[1] * x[2] ** 3


# %% [markdown] nbgrader={"grade": false, "grade_id": "jacobian-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task `jacobian`.** Return the Jacobian of `vector_func` at `x`, of shape (2, 3). (Write `jax.jacobian` in
# full: the bare name `jacobian` is your own function.)


# %% nbgrader={"grade": false, "grade_id": "jacobian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian(x):
    """Jacobian of `vector_func`: (3,) -> (2, 3)."""
    ### BEGIN SOLUTION
    return jax.jacobian(vector_func)(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-jacobian", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
autograder.check("jacobian")

# %% [markdown] nbgrader={"grade": false, "grade_id": "hessian-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task `hessian`.** Return the Hessian of `scalar_func` at `x`, of shape (3, 3).


# %% nbgrader={"grade": false, "grade_id": "hessian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hessian(x):
    """Hessian of `scalar_func`: (3,) -> (3, 3)."""
    ### BEGIN SOLUTION
    return jax.hessian(scalar_func)(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-hessian", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
autograder.check("hessian")

# %% nbgrader={"grade": false, "grade_id": "derivatives-of-three", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("jacobian", "hessian")
point = jnp.array([0.0, 1.0, 2.0])
print("Jacobian of vector_func at", point)
print(jacobian(point))
print("Hessian of scalar_func there, symmetric as it should be")
print(hessian(point))

# %% [markdown] nbgrader={"grade": false, "grade_id": "vmap", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Many at once: vmap
#
# Most functions are easiest to write for *one* thing: one galaxy, one cluster. Data come in batches. `jax.vmap`
# makes of a function of one thing a function of many: it puts a new first axis on every argument and on the
# result. There is no loop; additions of numbers become additions of arrays. Like `jit` it is a decorator or a
# transformation. (`in_axes=(0, None)` maps over the first argument and gives all the same second one.)


# %% nbgrader={"grade": false, "grade_id": "vmap-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
@jax.vmap  # as a decorator
def f_of_many(x):
    return 2 * x**2 + 3 * x + 2


potentials = jax.vmap(potential)  # as a transformation

print(f_of_many(jnp.array([0.0, 1.0, 2.0])))
positions = jnp.array([[0.2, 0.0], [0.5, 0.0], [0.8, 0.0], [1.1, 0.0]])
print("one potential for each position:", potentials(positions))
print("without vmap:", potential(positions))

# %% [markdown] nbgrader={"grade": false, "grade_id": "orbits-text", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The polynomial would have taken an array without `vmap` too; entry by entry is all that it does. Not so the
# potential: its sum is over the two coordinates of *one* galaxy. Handed four galaxies, it adds up all eight
# coordinates, without complaint, and returns one number that means nothing.
#
# Now four galaxies at once, moved on 150 times by the `step` that was timed above:

# %% nbgrader={"grade": false, "grade_id": "orbits", "locked": true, "schema_version": 3, "solution": false, "task": false}
step_of_all = jax.jit(jax.vmap(step))
velocities = jnp.array([[0.0, 0.5], [0.0, 0.6], [0.0, 0.7], [0.0, 0.8]])
path = [positions]
here = positions
for _ in range(150):
    here, velocities = step_of_all(here, velocities)
    path.append(here)
paths = jnp.stack(path)  # (151 times, 4 galaxies, 2 coordinates)

plots.curves(
    {f"from {paths[0, i, 0]:.1f} Mpc": (paths[:, i, 0], paths[:, i, 1]) for i in range(4)},
    title="Galaxies in the potential of a cluster",
    xlabel="$x_1$ [Mpc]",
    ylabel="$x_2$ [Mpc]",
    equal_scale=True,
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "orbits-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *Orbits of four galaxies for 3 billion years; markers show where they start. They are too slow for a circle and
# fall inwards, and as the potential is not that of a single point, their orbits do not close. One compiled
# program moves all four at once, along forces that nobody has written down.*

# %% [markdown] nbgrader={"grade": false, "grade_id": "composition", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Transformations compose
#
# What comes out of a transformation is a function, and can be transformed again. Read it from the inside: the
# derivative of the sine, at many angles, compiled.

# %% nbgrader={"grade": false, "grade_id": "composition-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
cosine = jax.jit(jax.vmap(jax.grad(jnp.sin)))
angles = jnp.linspace(0, 2, 5)
print(cosine(angles))
print(jnp.cos(angles))

# %% [markdown] nbgrader={"grade": false, "grade_id": "batched_derivative-task", "locked": true, "schema_version": 3, "solution": false, "task": false}
# **Task `batched_derivative`.** Return the derivative of `f` at each entry of `x`, shape (b,) to (b,), compiled.


# %% nbgrader={"grade": false, "grade_id": "batched_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batched_derivative(x):
    """Derivative of `f` at each entry of x, compiled: (b,) -> (b,)."""
    ### BEGIN SOLUTION
    return jax.vmap(jax.grad(f))(x)


batched_derivative = jax.jit(batched_derivative)
### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-batched_derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
autograder.check("batched_derivative")

# %% nbgrader={"grade": false, "grade_id": "derivative-plotted", "locked": true, "schema_version": 3, "solution": false, "task": false}
autograder.needs("batched_derivative")
t = jnp.linspace(-2, 2, 101)
plots.curves(
    {"$f(x) = 2x^2 + 3x + 2$": (t, f(t)), "its derivative": (t, batched_derivative(t))},
    title="A function and its derivative at 101 points",
    xlabel="$x$",
    ylabel="value",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "derivative-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *The polynomial and its derivative, a straight line. It crosses zero at $x = -3/4$, where the polynomial is
# smallest.*

# %% [markdown] nbgrader={"grade": false, "grade_id": "random", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Random numbers
#
# `np.random.normal()` gives another number at each call: it changes a hidden state, so it is not pure, and a
# compiled function would repeat for ever the number that was drawn while tracing. In JAX the state is an
# argument, the **key**. A function of a key is pure: the same key gives the same numbers, on every device. From
# one key, `jax.random.split` makes several that are independent (they come from the counter-based generators of
# Salmon et al. 2011, [doi:10.1145/2063384.2063405](https://doi.org/10.1145/2063384.2063405)). So the rule is:
# *use each key once, and split it to get more.*

# %% nbgrader={"grade": false, "grade_id": "keys", "locked": true, "schema_version": 3, "solution": false, "task": false}
key = jax.random.PRNGKey(0)
print("a key is", key)
print("drawn twice with it: ", jax.random.normal(key, (3,)), jax.random.normal(key, (3,)))

key, first, second = jax.random.split(key, 3)  # go on with `key`, use up the others
print("drawn with new keys: ", jax.random.normal(first, (3,)), jax.random.normal(second, (3,)))

noise, same, other = (jax.random.normal(k, (10_000,)) for k in (first, first, second))
print(f"correlation with one key {np.corrcoef(noise, same)[0, 1]:.3f}", end=", ")
print(f"with two keys {np.corrcoef(noise, other)[0, 1]:+.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "network", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## A network and an optimiser, on one page
#
# JAX itself knows no neural networks. Two libraries on top of it do, and both keep to pure functions. **Flax**
# describes networks, **Optax** takes steps downhill. Nothing is asked here; run it, and see the pieces together.
# The next notebook goes through them one at a time, with clusters.
#
# Some data first: points around a curve, with noise.

# %% nbgrader={"grade": false, "grade_id": "network-data", "locked": true, "schema_version": 3, "solution": false, "task": false}
key_x, key_noise, key_init = jax.random.split(jax.random.PRNGKey(1), 3)
x_data = jax.random.uniform(key_x, (1000, 1), minval=-2.0, maxval=2.0)
y_data = jnp.sin(3 * x_data) + 0.2 * jax.random.normal(key_noise, x_data.shape)

# %% [markdown] nbgrader={"grade": false, "grade_id": "module", "locked": true, "schema_version": 3, "solution": false, "task": false}
# A **module** describes a network: here two layers of 128 units, and one number out. A layer `nn.Dense(128)`
# makes 128 numbers of those that come in: it multiplies them by a matrix (its `kernel`) and adds a vector (its
# `bias`). `nn.relu` replaces negative numbers by 0; without it, two layers would be no more than one. Matrices
# and vectors are the network's *parameters* or weights, and the module does not hold them. `init` draws them
# from a key, for inputs of a given shape, and `apply` is the network as a pure function of weights *and* input.


# %% nbgrader={"grade": false, "grade_id": "module-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(128)(x))
        x = nn.relu(nn.Dense(128)(x))
        return nn.Dense(1)(x)


model = MLP()
params = model.init(key_init, x_data)
prediction = model.apply(params, x_data)
print("from", x_data.shape, "to", prediction.shape)
print("parameters:", jax.tree.map(jnp.shape, params))

# %% [markdown] nbgrader={"grade": false, "grade_id": "optimiser", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The **loss** is one number that says how badly the network fits, a pure function of the parameters. So
# `jax.grad` gives its slope, as the same *tree* of arrays: dictionaries in dictionaries, as they were printed.
# The **optimiser** turns slopes into steps. Adam (Kingma & Ba 2015,
# [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)) remembers past slopes; that memory, too, comes in as an
# argument and goes out as a result. This is one step:


# %% nbgrader={"grade": false, "grade_id": "one-step", "locked": true, "schema_version": 3, "solution": false, "task": false}
def loss_fn(params, x, y):
    """Mean squared error: x (b, 1), y (b, 1) -> ()."""
    return jnp.mean((model.apply(params, x) - y) ** 2)


tx = optax.adam(learning_rate=0.001)
opt_state = tx.init(params)

grads = jax.grad(loss_fn)(params, x_data, y_data)
updates, opt_state = tx.update(grads, opt_state)
before = loss_fn(params, x_data, y_data)
params = optax.apply_updates(params, updates)
print(f"loss before the step {before:.4f}, after it {loss_fn(params, x_data, y_data):.4f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "training", "locked": true, "schema_version": 3, "solution": false, "task": false}
# And that, 2000 times over (5 to 10 s), with loss and gradient in one compiled function.

# %% nbgrader={"grade": false, "grade_id": "training-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
loss_and_gradient = jax.jit(jax.value_and_grad(loss_fn))
for i in range(2001):
    loss, grads = loss_and_gradient(params, x_data, y_data)
    updates, opt_state = tx.update(grads, opt_state)
    params = optax.apply_updates(params, updates)
    if i % 400 == 0:
        print(f"step {i:4d}: loss {loss:.4f}")

t = jnp.linspace(-2, 2, 201)[:, None]
plots.curves(
    {"network": (t, model.apply(params, t)), "$\\sin 3x$": (t, jnp.sin(3 * t))},
    points={"data": (x_data, y_data)},
    title="A network fitted to noisy data",
    xlabel="$x$",
    ylabel="$y$",
)

# %% [markdown] nbgrader={"grade": false, "grade_id": "training-caption", "locked": true, "schema_version": 3, "solution": false, "task": false}
# *The network after 2000 steps, and the curve that the data were drawn around. The noise has a variance of
# $0.2^2 = 0.04$, and the loss has come down to that: there is nothing left to learn but the noise.*

# %% [markdown] nbgrader={"grade": false, "grade_id": "summary", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## What to take along
#
# | you write | you get |
# | --- | --- |
# | `jax.grad(f)` | the gradient of a function with one value; `jax.value_and_grad(f)` gives the value too |
# | `jax.jacobian(f)`, `jax.hessian(f)` | all first derivatives of several values; all second ones of one |
# | `jax.jit(f)` | the same function, compiled at its first call for each new shape |
# | `jax.vmap(f)` | the function of a batch, from the function of one |
# | `jax.random.split(key)` | fresh keys, each to be used once |
#
# All of them take a pure function: arguments in, result out, nothing else. It is the one habit that this course
# asks of you, and what *pure* and *jittable* in every check are about. More of JAX's corners are in its own
# documentation under [*JAX - The Sharp Bits*](https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html).
#
# Save the notebook (**Ctrl+S**, or **⌘S** on a Mac) before you hand it in. Then go on to `02_regression`, and weigh
# clusters.
