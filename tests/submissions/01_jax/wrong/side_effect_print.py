# The print is still there: right numbers, but the task is not done. A print in `matvec` as well.
#
# expect pure_polynomial: fail 0.2 "line 2" "prints 'I am a side effect'"
# expect matvec: fail 1.8 "line 3" "prints"

# %% pure_polynomial
def pure_polynomial(x):
    print("I am a side effect")
    return 2 * x**2 + 3 * x + 2

# %% matvec
@jax.jit
def matvec(W, x):
    print("multiplying", W.shape)
    return W.dot(x)
