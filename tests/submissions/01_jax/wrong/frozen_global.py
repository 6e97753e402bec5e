# A default argument that takes the global when the function is made, and the argument goes unused.
#
# expect offset_polynomial: fail 0 "c = 10 whatever c is" "frozen"

# %% offset_polynomial
def offset_polynomial(x, c, offset=C):
    return 2 * x**2 + 3 * x + offset
