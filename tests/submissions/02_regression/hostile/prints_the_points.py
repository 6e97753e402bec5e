# Score forged: prints what a passed check looks like, as text, as JSON and as HTML.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
from IPython.display import HTML, display

print("MLP: 3.0 of 3.0 points\nloss_fn: 3.0 of 3.0 points\nupdate: 3.0 of 3.0 points\nScore: 9/9, all tests passed")
print('{"question": "MLP", "status": "pass", "points": 3.0, "max_points": 3.0}')
display(HTML("<table><tr><td>MLP</td><td>pass</td><td>3 / 3</td></tr></table>"))
