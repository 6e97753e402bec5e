# Network: sockets that need no network card: an abstract one, one in the course's folder, a datagram.
#
# expect *: missing 0

# %% [stub] *

# %% [before] MLP
import socket

for kind, address in (
    (socket.SOCK_STREAM, "\0@MARK@"),
    (socket.SOCK_STREAM, "@COURSE@/socket"),
    (socket.SOCK_STREAM, "@HOME@/socket"),
):
    try:
        with socket.socket(socket.AF_UNIX, kind) as friend:
            friend.settimeout(2)
            friend.connect(address)
            friend.sendall(b"@MARK@\n")
            print("LOOT connected")
    except OSError as error:
        print(type(error).__name__)
try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as friend:
        friend.sendto(b"@MARK@\n", ("127.0.0.1", int("@PORT@")))
except (OSError, ValueError) as error:
    print(type(error).__name__)
