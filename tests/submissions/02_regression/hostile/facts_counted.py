# Facts forged: a right loss that counts its calls and behaves only while the grader listens: it prints from the tenth
# call on, when the facts have been taken.
#
# expect loss_fn: fail 2.4 "loss_fn"

# %% loss_fn
calls = [0]


def loss_fn(params, x, y):
    calls[0] += 1
    if calls[0] > 40:
        print("one more step")
    return jnp.mean((model.apply(params, x) - y) ** 2)
