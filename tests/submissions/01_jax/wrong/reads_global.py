# The global `C` is still read, where the argument is meant; coefficients in globals of the student's own.
#
# expect offset_polynomial: fail 0 "line 2" "reads the global `C`" "c = 10 whatever c is"
# expect pure_polynomial: fail 0.2 "reads the global `a`" "reads the global"

# %% offset_polynomial
def offset_polynomial(x, c):
    return 2 * x**2 + 3 * x + C

# %% pure_polynomial
a, b = 2.0, 3.0


def pure_polynomial(x):
    return a * x**2 + b * x + 2
