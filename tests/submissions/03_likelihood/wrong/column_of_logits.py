# Logits of shape (b, 1): the distribution has batch shape (b, 1), and `log_prob` of labels (b,) would be (b, b).
#
# expect Classifier: fail 0 "batch shape (512, 1)" "[:, 0]"

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(128)(x))
        return tfd.Bernoulli(logits=nn.Dense(1)(x))
