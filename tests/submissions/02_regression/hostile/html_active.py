# Active content: scripts in outputs, in the text of errors, in names, in Markdown and in attachments.
#
# expect MLP: error 0
# expect loss_fn: fail 0
# expect update: fail 0

# %% MLP
from IPython.display import HTML, Javascript, display

SCRIPT = '<script>document.title="hostile"</script><img src=x onerror="alert(1)"><a href="javascript:alert(1)">points</a>'
print(SCRIPT)
display(HTML(SCRIPT), Javascript("alert(1)"))
raise ValueError(SCRIPT)

# %% loss_fn
def loss_fn(params, x, y):
    raise RuntimeError("</td></tr></table><script>alert('hostile')</script><iframe src='//example.org'></iframe>")

# %% update
def update(params, opt_state, x, y):
    print("<svg onload=alert(1)>`<script>alert(1)</script>`")
    raise type("<script>alert('hostile')</script>", (RuntimeError,), {})("<style>.hostile,*{display:none}</style>")

# %% [markdown] explain_bias
# <script>alert("hostile")</script> <img src="x" onerror="alert(1)"> [points](javascript:alert(1))
# <iframe src="https://example.org"></iframe> ![](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
# <div style="position:fixed;top:0;left:0;width:100%;height:100%;background:white">Full points.</div>
# <form action="https://example.org"><input name="points"></form> <math><mtext></mtext></math> $\href{javascript:alert(1)}{x}$

# %% [metadata] explain_bias
{"attachments": {"x.svg": {"image/svg+xml": "<svg onload=alert(1)/>"}}}
