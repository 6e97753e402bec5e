# Arguments in another order; a term with the wrong sign, another with the wrong precedence.
#
# expect offset_polynomial: fail 0 "the first argument is x"
# expect pure_polynomial: fail 0 "only x is squared"

# %% offset_polynomial
def offset_polynomial(c, x):
    return 2 * x**2 + 3 * x + c

# %% pure_polynomial
def pure_polynomial(x):
    return (2 * x) ** 2 + 3 * x + 2
