# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small helpers that every part of the lab shares."""

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys

LAB_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP_DIR = os.path.dirname(os.path.dirname(LAB_DIR))

PR_SET_PDEATHSIG = 1


class LabError(Exception):
    """The lab itself could not do its work (not: the script failed)."""


def cache_dir(*names):
    """A directory below the lab's cache; made if it is not there."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = os.path.join(base, "xen-balancer-lab", *names)
    os.makedirs(path, exist_ok=True)
    return path


def say(text):
    """A line about the lab's own doings: stderr, never the script's stdout."""
    print(f"lab: {text}", file=sys.stderr, flush=True)


def die_with_parent():
    """For preexec_fn: the child is killed when the lab dies, however."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def run(command, **options):
    """Run a command to its end; a failure is a LabError with its output."""
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False,
                          stdin=subprocess.DEVNULL,
                          preexec_fn=die_with_parent, **options)
    if done.returncode != 0:
        tail = done.stderr.decode(errors="replace")[-2000:]
        raise LabError(f"{' '.join(command[:4])} ... failed "
                       f"({done.returncode}):\n{tail}")
    return done.stdout


@contextlib.contextmanager
def locked(name):
    """Hold an exclusive lock, shared by all labs of this cache."""
    path = os.path.join(cache_dir("locks"), name)
    with open(path, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def keep_newest(kind, used, count):
    """Mark what is used now; of its kind, remove all but the last used."""
    base = cache_dir(kind)
    os.utime(used)
    paths = [os.path.join(base, name) for name in os.listdir(base)
             if not name.endswith(".part")]
    with contextlib.suppress(OSError):      # another lab does the same
        paths.sort(key=lambda path: os.stat(path).st_mtime)
        for path in paths[:-count]:
            shutil.rmtree(path, ignore_errors=True)
