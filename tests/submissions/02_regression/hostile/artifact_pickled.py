# Artifact forged: a zip whose arrays are pickles that run code, with names that leave the folder, and a zip bomb.
#
# expect *: error 0

# %% [stub] *

# %% [before] MLP
import gc

def outbox():
    """The grader's own way out of this process."""
    return next(item for item in gc.get_objects() if type(item).__name__ == "Outbox")


import io
import os
import zipfile


class Payload:
    def __reduce__(self):
        return os.system, ("echo hostile > @COURSE@/@MARK@",)


buffer, array = io.BytesIO(), io.BytesIO()
np.save(array, np.array([Payload()], dtype=object), allow_pickle=True)
with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
    container.writestr("../../../@MARK@", "hostile")
    container.writestr("@COURSE@/@MARK@", "hostile")
    container.writestr("arrays/0", array.getvalue())
    container.writestr("manifest.json", '{"format_version": 1, "questions": ' + "[" * 100_000 + "]" * 100_000 + "}")
    container.writestr("bomb", bytes(500_000_000))
way_out = outbox()
way_out.send("outputs", b"[]")
way_out.send("artifact", buffer.getvalue())
way_out.done()
os._exit(0)
