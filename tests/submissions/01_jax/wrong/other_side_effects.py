# Other side effects in place of the print: a list that grows, a print from the compiled program.
#
# expect pure_polynomial: fail 0.2 "calls" "nothing outside the function may change"
# expect offset_polynomial: fail 0 "debug" "compiled program"

# %% pure_polynomial
calls = []


def pure_polynomial(x):
    calls.append("pure_polynomial")
    return 2 * x**2 + 3 * x + 2

# %% offset_polynomial
def offset_polynomial(x, c):
    jax.debug.print("c = {}", c)
    return 2 * x**2 + 3 * x + c
