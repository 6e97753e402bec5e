"""The check cells of 02_regression as an instructor writes them for nbgrader as it is: asserts, some of them hidden."""

CHECKS = {
    "check-MLP": """
params = MLP().init(jax.random.PRNGKey(1), x_test[:1])
prediction = np.asarray(MLP().apply(params, x_test[:100]))
assert prediction.shape == (100, 1), "one number per cluster"
### BEGIN HIDDEN TESTS
draws = []
for i in range(8):
    moved = jax.tree.map(lambda leaf: leaf + jax.random.normal(jax.random.PRNGKey(i), leaf.shape), params)
    draws.append(np.asarray(MLP().apply(moved, x_test[:100])))
assert np.ptp(draws[0]) > 0, "the prediction does not depend on the features"
assert min(draw.min() for draw in draws) < 0 < max(draw.max() for draw in draws), "any real number"
alone = MLP().apply(params, x_test[50:51])
np.testing.assert_allclose(alone, prediction[50:51], rtol=1e-4, atol=1e-5)
other = MLP().init(jax.random.PRNGKey(2), x_test[:1])
assert not all(np.allclose(a, b) for a, b in zip(jax.tree.leaves(params), jax.tree.leaves(other)))
### END HIDDEN TESTS
""",
    "check-loss_fn": """
params = model.init(jax.random.PRNGKey(1), x_test[:1])
assert np.shape(loss_fn(params, x_test[:100], y_test[:100])) == ()
### BEGIN HIDDEN TESTS
expected_loss = np.mean((np.asarray(model.apply(params, x_test[:100])) - y_test[:100]) ** 2)
np.testing.assert_allclose(loss_fn(params, x_test[:100], y_test[:100]), expected_loss, rtol=1e-4)


class Given:
    def apply(self, params, x):
        return params * jnp.ones((len(x), 1))


model, own = Given(), model
np.testing.assert_allclose(loss_fn(2.0, x_test[:3], np.zeros((3, 1), np.float32)), 4.0, rtol=1e-5)
np.testing.assert_allclose(loss_fn(1.0, x_test[:2], np.array([[1.0], [3.0]], np.float32)), 2.0, rtol=1e-5)
model = own
### END HIDDEN TESTS
""",
    "check-update": """
params = model.init(jax.random.PRNGKey(1), x_test[:1])
state = optax.adam(1e-3).init(params)
new_params, new_state = update(params, state, x_test[:100], y_test[:100])
assert jax.tree.structure(new_params) == jax.tree.structure(params)
### BEGIN HIDDEN TESTS
def reference_loss(params, x, y):
    return jnp.mean((model.apply(params, x) - y) ** 2)


gradients = jax.grad(reference_loss)(params, x_test[:100], y_test[:100])
updates, expected_state = optax.adam(1e-3).update(gradients, state, params)
expected = optax.apply_updates(params, updates)
new_params, new_state = update(params, state, x_test[:100], y_test[:100])
jax.tree.map(lambda seen, wanted: np.testing.assert_allclose(seen, wanted, rtol=1e-4, atol=1e-6), new_params, expected)
assert int(new_state[0].count) == 1
### END HIDDEN TESTS
""",
}
