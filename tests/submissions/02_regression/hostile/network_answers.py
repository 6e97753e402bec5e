# Network: fetches the answers from a friend, on this machine and outside.
#
# expect *: missing 0

# %% MLP
import socket

for address in (("127.0.0.1", "@PORT@"), ("localhost", "@PORT@"), ("1.1.1.1", "53")):
    try:
        with socket.create_connection((address[0], int(address[1])), timeout=2) as friend:
            print("LOOT", "connected to", address[0])
            if address[1] != "53":
                friend.sendall(b"@MARK@\n")
                answers = b""
                while part := friend.recv(65536):
                    answers += part
                exec(answers.decode(), globals())
    except (OSError, ValueError) as error:
        print(type(error).__name__)

# %% loss_fn
# see above

# %% update
# see above
