# The student's own `jacobian` and `hessian` hide those that were imported, and call themselves.
#
# expect jacobian: fail 0 "`jacobian` calls itself"
# expect hessian: fail 0 "`hessian` calls itself"

# %% jacobian
from jax import jacobian


def jacobian(x):
    return jacobian(vector_func)(x)

# %% hessian
from jax import hessian


def hessian(x):
    return hessian(scalar_func)(x)
