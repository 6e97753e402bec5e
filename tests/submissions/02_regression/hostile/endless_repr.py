# Time: the value of a cell is a generator that never ends to be shown, and its text never ends either.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
class Endless:
    def __repr__(self):
        while True:
            pass

    def __iter__(self):
        while True:
            yield self


Endless()
