# Active content: escape codes for the instructor's terminal: title, clipboard, links, colours, cursor, a bell.
#
# expect *: fail 0

# %% MLP
class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        raise RuntimeError("\x1b]0;hostile\x07\x1b]52;c;aG9zdGlsZQ==\x07\x1b[2J\x1b[31mred\x9b5m\u202egnorw\x07")

# %% loss_fn
def loss_fn(params, x, y):
    print("\x1b[1A\x1b[2K9 of 9 points \x1b]8;;http://example.org\x1b\\click\x1b]8;;\x1b\\")
    raise RuntimeError("[bold red]9 of 9[/bold red] [link=http://example.org]points[/link]")

# %% update
def update(params, opt_state, x, y):
    raise RuntimeError("\r" + " " * 200 + "\r9 of 9 points\x08\x08\x00\x7f")
