# Right, in another style: a network without hidden layers, which is logistic regression: calibrated, if not very sharp.

# %% Classifier
class Classifier(nn.Module):
    @nn.compact
    def __call__(self, x):
        weights = self.param("weights", nn.initializers.normal(0.1), (x.shape[-1],))
        return tfd.Bernoulli(logits=x @ weights + self.param("bias", nn.initializers.zeros, ()))
