# SPDX-License-Identifier: LGPL-2.1-or-later
"""A disk with a small Debian whose dom0 is run by systemd.

What boots from it is otherwise as in image.py; see boot-systemd below dom0/.
"""

import glob
import hashlib
import os
import shutil

from labpy.image import read_list
from labpy.util import LAB_DIR, cache_dir, keep_newest, locked, run, say

SUITE = "bookworm"
TREE = os.path.join(LAB_DIR, "systemd", "root")
KEEP_DISKS = 2          # 400 MB each
RDINIT = "rdinit=/usr/lib/xen-balancer-lab/boot-systemd"

# Nobody reads them there.
USELESS = ["/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*",
           "/usr/share/man/*"]
# What would run by itself while a test does.
MASKED = ["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer",
          "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer",
          "getty-static.service", "getty@tty1.service",
          "mdcheck_continue.timer", "mdcheck_start.timer",
          "mdmonitor-oneshot.timer", "proc-sys-fs-binfmt_misc.automount",
          "proc-sys-fs-binfmt_misc.mount", "serial-getty@hvc0.service",
          "systemd-binfmt.service"]
# Where apt's own sources are, as Debian has them since version 12, and before.
SOURCES = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]


class SystemdImage:
    """An image, and the disk that its dom0 has for a root."""

    def __init__(self, image, disk, key):
        self.key = f"{image.key}-{key}"
        self.xen = image.xen
        self.dom0_kernel = image.dom0_kernel
        self.dom0_initrd = image.dom0_initrd
        self.dom0_options = RDINIT
        self.disk = disk
        self.sonames = image.sonames


def _key():
    digest = hashlib.sha256()
    found = glob.glob(os.path.join(LAB_DIR, "systemd", "**"), recursive=True)
    for path in sorted(filter(os.path.isfile, found)) + [__file__]:
        with open(path, "rb") as file:
            digest.update(os.path.relpath(path, LAB_DIR).encode()
                          + file.read())
    return digest.hexdigest()[:16]


def _build(target):
    packages = [row[0] for row in read_list("systemd/packages.list")]
    command = ["mmdebstrap", "--quiet", "--variant=minbase", "--format=ext2",
               "--include=" + ",".join(packages)]
    command += [f"--dpkgopt=path-exclude={path}" for path in USELESS]
    systemctl = "--customize-hook=systemctl --quiet --root=\"$1\" "
    command += [f"--customize-hook=sync-in {TREE} /",
                systemctl + "enable lab-serve.service",
                systemctl + "mask " + " ".join(MASKED)]
    run(command + [SUITE, target]
        + [path for path in SOURCES if os.path.exists(path)][:1])


def prepare(image):
    """The image with its disk, which is made if need be."""
    key = _key()
    directory = os.path.join(cache_dir("disks"), key)
    if not os.path.isdir(directory):
        with locked("disk"):
            if not os.path.isdir(directory):
                say("making a disk with systemd (once)")
                part = f"{directory}.part"
                shutil.rmtree(part, ignore_errors=True)
                os.makedirs(part)
                _build(os.path.join(part, "disk.ext2"))
                os.rename(part, directory)
    keep_newest("disks", directory, KEEP_DISKS)
    return SystemdImage(image, os.path.join(directory, "disk.ext2"), key)
