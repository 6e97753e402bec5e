# One answer raises as soon as its cell runs, another cell cannot even be read.
#
# expect matvec: error 0 "matvec" "undefined_name"
# expect hessian: error 0 "hessian"

# %% matvec
@undefined_name.jit
def matvec(W, x):
    return W.dot(x)

# %% hessian
def hessian(x)
    return jax.hessian(scalar_func)(x)
