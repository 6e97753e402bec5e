# Notebook: talks to the front end by the kernel's own sockets: a comm, an answer for another cell, a reply of its own.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import contextlib

kernel = getattr(get_ipython(), "kernel", None)
with contextlib.suppress(Exception):
    kernel.comm_manager.register_target("hostile", lambda comm, message: None)
    for content in ({"data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1},):
        for kind in ("execute_result", "display_data"):
            kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent(), ident=kernel.topic(kind))
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=kernel.get_parent())
    kernel.shell_stream = None
