# One answer raises as soon as its cell runs, another as soon as it is called.
#
# expect gaussian_nll: error 0 "gaussian_nll" "undefined_name"
# expect shift_prior: fail 0 "line 2" "NameError"

# %% gaussian_nll
undefined_name

def gaussian_nll(mean, sigma, y):
    return mean

# %% shift_prior
def shift_prior(logits, train_fraction, new_fraction):
    return logits + log_odds(new_fraction) - log_odds(train_fraction)
