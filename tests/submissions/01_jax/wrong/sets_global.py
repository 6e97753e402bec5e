# The argument goes into the global first: a placeholder is left in it while tracing.
#
# expect offset_polynomial: fail 0 "changes the global `C`" "leaves a tracer"

# %% offset_polynomial
def offset_polynomial(x, c):
    global C
    C = c
    return 2 * x**2 + 3 * x + C
