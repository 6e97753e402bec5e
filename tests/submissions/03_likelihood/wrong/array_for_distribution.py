# The network returns the probability itself and no distribution; the loss reads a number with another name.
#
# expect Classifier: fail 0 "an array of shape (512,)" "must return a distribution"

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.relu(nn.Dense(128)(x))
        return nn.sigmoid(nn.Dense(1)(x)[:, 0])
