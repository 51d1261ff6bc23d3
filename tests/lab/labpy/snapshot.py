# SPDX-License-Identifier: LGPL-2.1-or-later
"""A booted host, kept on disk: restored in half a second.

The RAM lies in a file that later runs map privately (copy on write), so any
number of labs can run from one snapshot at the same time.
"""

import hashlib
import inspect
import os
import shutil

from labpy import host as host_module
from labpy.host import Host
from labpy.util import cache_dir, keep_newest, locked, run, say

BOOT_DEADLINE_S = 300
MIGRATE_DEADLINE_S = 60
KEEP_SNAPSHOTS = 10     # half a gigabyte each
IGNORE_SHARED = [{"capability": "x-ignore-shared", "state": True}]


class Snapshot:
    """Paths of a finished snapshot."""

    def __init__(self, directory):
        self.ram = os.path.join(directory, "ram")
        self._state = os.path.join(directory, "state")

    def save_from(self, host):
        host.qmp.execute("stop")
        host.qmp.execute("migrate-set-capabilities",
                         capabilities=IGNORE_SHARED)
        host.qmp.execute("migrate", uri=f"exec:cat > '{self._state}'")
        host.qmp.wait_migration(MIGRATE_DEADLINE_S)
        host.qmp.execute("quit")
        host.process.wait()

    def restore_into(self, host):
        host.qmp.execute("migrate-set-capabilities",
                         capabilities=IGNORE_SHARED)
        host.qmp.execute("migrate-incoming",
                         uri=f"exec:cat '{self._state}'")
        host.qmp.wait_migration(MIGRATE_DEADLINE_S)
        host.qmp.execute("cont")


def _key(image, shape):
    """Another image, size, QEMU or command line: another snapshot."""
    digest = hashlib.sha256(inspect.getsource(host_module).encode())
    digest.update(run([host_module.QEMU, "--version"]))
    digest.update(" ".join(map(str, shape)).encode())
    return f"{image.key}-{digest.hexdigest()[:12]}"


def prepare(image, shape, rundir):
    """The snapshot for this image and shape; made on first use."""
    directory = os.path.join(cache_dir("snapshots"), _key(image, shape))
    if not os.path.isdir(directory):
        with locked("snapshot-" + os.path.basename(directory)):
            if not os.path.isdir(directory):
                say("making a snapshot of a booted host (once)")
                _make(image, shape, rundir, directory)
    keep_newest("snapshots", directory, KEEP_SNAPSHOTS)
    return Snapshot(directory)


def _make(image, shape, rundir, directory):
    part = f"{directory}.part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    saved = Snapshot(part)
    host = Host(0, rundir.path, shape)
    try:
        host.start(image, saved.ram, True, rundir.directories(), None, False)
        host.wait_ready(BOOT_DEADLINE_S)
        saved.save_from(host)
        os.rename(part, directory)
    finally:
        host.kill()
        shutil.rmtree(part, ignore_errors=True)
