# Interpreter: recursion without limit, a null pointer and an abort.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import ctypes
import os
import sys

sys.setrecursionlimit(10**9)


def deeper(n):
    return deeper(n + 1) + 1


class Falling:
    def __del__(self):
        raise BaseException("hostile")


Falling()
ctypes.string_at(0)
os.abort()
