# Output: a hundred thousand outputs, images and progress bars among them.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
from IPython.display import HTML, Image, clear_output, display

for number in range(100_000):
    display(HTML(f"<b>{number}</b>"))
display(Image(data=bytes(30_000_000), format="png"))
print("\r".join(map(str, range(200_000))))
