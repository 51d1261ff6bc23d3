# SPDX-License-Identifier: LGPL-2.1-or-later
"""The directory of one run: what the hosts see as /lab, logs, leftovers."""

import fcntl
import glob
import os
import shlex
import shutil
import tempfile

from labpy.util import LAB_DIR, LabError, cache_dir, locked


class RunDir:
    """Made for one run, removed after it; labs that died are cleaned up."""

    def __init__(self, share=None):
        base = cache_dir("runs")
        with locked("runs"):
            _sweep(base)
            self.path = tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=base)
            self._lock = open(os.path.join(self.path, "lock"), "w",
                              encoding="ascii")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        for name in ("lab/job", "lab/exec", "share"):
            os.makedirs(os.path.join(self.path, name))
        self._lab = os.path.join(self.path, "lab")
        self._share = share or os.path.join(self.path, "share")
        for path in glob.glob(os.path.join(LAB_DIR, "*.sh")):
            shutil.copy(path, self._lab)

    def directories(self):
        """What a host mounts: {name: directory}."""
        return {"lab": self._lab, "share": self._share}

    def put(self, name, data):
        with open(os.path.join(self._lab, name), "wb") as file:
            file.write(data)

    def put_job(self, command, extra):
        """The script, files beside it, and the line that runs it."""
        job = os.path.join(self._lab, "job")
        for path in [command[0]] + extra:
            if not os.path.isfile(path):
                raise LabError(f"{path}: no such file")
            shutil.copy(path, job)
        script = os.path.join(job, os.path.basename(command[0]))
        os.chmod(script, 0o755)
        words = [f"./{os.path.basename(script)}"] + command[1:]
        run = os.path.join(job, "run")
        with open(run, "w", encoding="utf-8") as file:
            line = " ".join(shlex.quote(word) for word in words)
            file.write(f"#!/bin/sh\nexec {line}\n")
        os.chmod(run, 0o755)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def _sweep(base):
    """Remove directories whose lab is dead: nobody holds their lock."""
    for name in os.listdir(base):
        path = os.path.join(base, name)
        try:
            with open(os.path.join(path, "lock"), "r",
                      encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
        except (OSError, BlockingIOError):
            continue
