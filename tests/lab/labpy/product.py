# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our product, freshly built, as archives that a host unpacks.

/lab/product.cpio goes into dom0, /lab/guest.cpio behind the guests'
initramfs.
"""

import glob
import os
import shutil

from labpy import elf
from labpy.cpio import Archive
from labpy.image import LIBRARY_DIR, merged
from labpy.util import LabError, locked, run

# What of the product runs inside guests, wherever it is installed.
GUEST_PROGRAMS = ["balancer-agent"]

MACHINE_ROOT = "/"


def install(build, target):
    """Install the product built in BUILD below TARGET."""
    if not os.path.exists(os.path.join(build, "Makefile")):
        raise LabError(f"{build} is not configured: build the product there, "
                       "or say --build DIR or --no-product")
    # libtool relinks while it installs: one at a time.
    with locked("install"):
        run(["make", "-C", build, "-s", "install", f"DESTDIR={target}"],
            env=dict(os.environ, MAKEFLAGS=""))


def _paths(base):
    """Files and directories; an empty directory counts, too."""
    found = glob.glob(os.path.join(base, "**"), recursive=True)
    return [path for path in sorted(found) if path.rstrip("/") != base]


def _add_libraries(archive, programs, image, where, own):
    """Libraries that the image has not: from the machine we built on."""
    with open(image.sonames, encoding="ascii") as file:
        rows = [line.split() for line in file]
    known = {soname for place, soname in rows if place == where}
    known |= {os.path.basename(path) for path in own}
    found = elf.closure(programs, [MACHINE_ROOT], known)
    for soname, path in found.items():
        archive.file(f"{LIBRARY_DIR}/{soname}", path)


def put(target, image, rundir):
    """Archive what counts of the product that is installed below TARGET."""
    archives = {"dom0": Archive(), "guest": Archive()}
    programs = {"dom0": set(), "guest": set()}
    paths = _paths(target)
    for path in paths:
        name = merged(os.path.relpath(path, target))
        if name.endswith((".la", ".h")) or "/share/" in name and \
                "/examples/" not in name and not name.endswith(".rules"):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            archives["dom0"].directory(name)
            continue
        for where in ("dom0", "guest"):
            if where == "dom0" or os.path.basename(name) in GUEST_PROGRAMS:
                archives[where].file(name, path)
                if elf.is_elf(path):
                    programs[where].add(path)
    for where, archive in archives.items():
        _add_libraries(archive, programs[where], image, where, paths)
    rundir.put("product.cpio", archives["dom0"].to_bytes())
    if programs["guest"]:
        rundir.put("guest.cpio", archives["guest"].to_bytes())


def install_and_put(build, image, rundir):
    """The same, installed from a build for this run alone."""
    target = os.path.join(rundir.path, "product")
    os.makedirs(target)
    install(build, target)
    put(target, image, rundir)
    shutil.rmtree(target)
