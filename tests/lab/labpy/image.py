# SPDX-License-Identifier: LGPL-2.1-or-later
"""The images a host boots from: Xen, the kernels, the two initramfs.

They depend on package versions and on the files of the lab only; our
product is put in when a job starts, so rebuilding it costs no new image.
"""

import glob
import gzip
import hashlib
import os
import shutil

from labpy import debs, elf, kernel
from labpy.cpio import Archive
from labpy.modules import add_modules
from labpy.util import (LAB_DIR, LabError, cache_dir, keep_newest, locked,
                        run, say)

LIBRARY_DIR = "usr/lib/x86_64-linux-gnu"
KEEP_IMAGES = 3         # 300 MB each
GUEST_DIR = "usr/lib/xen-balancer-lab"
MERGED = ("bin", "sbin", "lib", "lib64")

CFLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-s", "-Wall", "-Wextra"]

XEN_LIBRARIES = ["-lxenctrl", "-lxenstore", "-lxenforeignmemory",
                 "-lxencall", "-lxendevicemodel", "-lxenevtchn",
                 "-lxengnttab", "-lxentoollog", "-lxentoolcore"]

# WHERE/path -> sources and libraries.  Those of dom0 are static: under
# emulation the dynamic linker takes longer than the program.  Those of guests
# are not, for the sake of small guests.
PROGRAMS = {
    "guest/usr/bin/workload": (["ctl/workload.c"], []),
    "guest/usr/bin/reread": (["ctl/reread.c"], []),
    "dom0/usr/bin/reread": (["ctl/reread.c"], []),
    "guest/usr/sbin/serve": (["ctl/serve.c", "ctl/wire.c"], []),
    "dom0/usr/bin/guest-run": (["ctl/guest-run.c", "ctl/wire.c"], []),
    "guest/usr/bin/flood": (["ctl/flood.c"], []),
    "dom0/usr/bin/flood": (["ctl/flood.c"], []),
    "dom0/usr/bin/ask": (["ctl/ask.c"], []),
    "dom0/usr/bin/domstat": (["ctl/domstat.c"], XEN_LIBRARIES),
    "dom0/usr/bin/jpick": (["ctl/jpick.c"], ["-ljson-c"]),
}

# A change in one of these makes another image.
RECIPE = ["image.list", "modules.list", "dom0/**", "guest/**", "ctl/*",
          "labpy/image.py", "labpy/cpio.py", "labpy/kernel.py",
          "labpy/modules.py", "labpy/elf.py"]


class Image:
    """Paths of a finished image."""

    def __init__(self, directory, key):
        self.key = key
        self.xen = os.path.join(directory, "xen")
        self.dom0_kernel = os.path.join(directory, "vmlinux-dom0")
        self.dom0_initrd = os.path.join(directory, "dom0.cpio")
        self.dom0_options = ""
        self.disk = None
        self.sonames = os.path.join(directory, "sonames")


def read_list(name):
    """Rows of words of a list file, without comments."""
    rows = []
    with open(os.path.join(LAB_DIR, name), encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words:
                rows.append(words)
    return rows


def _key(resolved):
    digest = hashlib.sha256()
    for file in sorted(resolved["files"].values()):
        digest.update(file.encode() + b"\n")
    for pattern in RECIPE:
        found = glob.glob(os.path.join(LAB_DIR, pattern), recursive=True)
        for path in sorted(filter(os.path.isfile, found)):
            with open(path, "rb") as file:
                digest.update(os.path.relpath(path, LAB_DIR).encode()
                              + file.read())
    return digest.hexdigest()[:16]


def merged(path):
    """Packages say bin/x, a merged /usr wants usr/bin/x."""
    first = path.split("/")[0]
    return f"usr/{path}" if first in MERGED else path


def _matches(root, pattern):
    """Files below root that fit; the pattern may or may not say usr/."""
    found = []
    for path in {pattern, merged(pattern)}:
        found += glob.glob(os.path.join(root, path))
    return sorted(path for path in found
                  if os.path.islink(path) or os.path.isfile(path))


def _choose(archives, rows, resolved):
    """Put the listed files into the archives; returns programs by archive."""
    programs = {where: set() for where in archives}
    for package, *patterns in rows:
        root = debs.root_of(resolved, package)
        for pattern in patterns:
            where, colon, path = pattern.partition(":")
            if not colon:
                where, path = "dom0", pattern
            files = _matches(root, path)
            if not files:
                raise LabError(f"image.list: {package} has no {path}")
            for file in files:
                name = merged(os.path.relpath(file, root))
                if os.path.islink(file) and not os.path.exists(file):
                    archives[where].file(name, file)
                    continue
                archives[where].file(name, os.path.realpath(file))
                if elf.is_elf(os.path.realpath(file)):
                    programs[where].add(os.path.realpath(file))
    return programs


def _skeleton(archive):
    for name in MERGED:
        archive.symlink(name, f"usr/{name}")
        archive.directory(f"usr/{name}")
    for name in ("dev", "proc", "sys", "run", "tmp", "root", "etc", "var"):
        archive.directory(name)
    archive.symlink("var/run", "../run")
    archive.symlink("var/lock", "../run/lock")
    archive.device("dev/console", 5, 1)
    archive.data("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    archive.data("etc/group", b"root:x:0:\n")
    archive.data("etc/ld.so.conf", f"/{LIBRARY_DIR}\n".encode())


def _add_libraries(archive, programs, roots):
    libraries = elf.closure(programs, roots)
    for soname, path in libraries.items():
        if not soname.startswith("ld-linux"):
            archive.file(f"{LIBRARY_DIR}/{soname}", path)
    return libraries


def _add_tree(archive, directory):
    """Our own files below dom0/ or guest/, as they lie there."""
    base = os.path.join(LAB_DIR, directory)
    for path in sorted(glob.glob(os.path.join(base, "**"), recursive=True)):
        if os.path.isfile(path):
            archive.file(os.path.relpath(path, base), path)


def _busybox_links(archive, busybox):
    """A link for each applet that no real program stands for."""
    for applet in run([busybox, "--list-full"]).decode().split():
        name = merged(applet)
        base = os.path.basename(name)
        places = [f"usr/{place}/{base}" for place in ("bin", "sbin")]
        if not any(place in archive for place in places):
            archive.symlink(name, "/usr/bin/busybox")


def _compile(directory, target):
    """Our own small programs; they are part of the lab, not the product."""
    sources, libraries = PROGRAMS[target]
    path = os.path.join(directory, target.replace("/", "-"))
    static = ["-static"] if target.startswith("dom0/") else []
    run([os.environ.get("CC", "gcc")] + CFLAGS + static + ["-o", path]
        + [os.path.join(LAB_DIR, source) for source in sources] + libraries)
    return path


def _xen_links(archive):
    """xl without the wrapper script that looks for Xen's version."""
    for name in ("xl", "xenstored", "oxenstored", "xenconsoled", "xentop",
                 "xenctx"):
        archive.symlink(f"usr/sbin/{name}", f"/usr/lib/xen-4.17/bin/{name}")
    archive.symlink("usr/bin/xenstore-control",
                    "/usr/lib/xen-4.17/bin/xenstore-control")


def _boot_file(resolved, package, pattern):
    found = glob.glob(os.path.join(debs.root_of(resolved, package), pattern))
    if len(found) != 1:
        raise LabError(f"{package}: {len(found)} files like {pattern}")
    return found[0]


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def _build(resolved, rows, directory):
    roots = [debs.root_of(resolved, package)
             for package in sorted(resolved["files"])]
    archives = {"dom0": Archive(), "guest": Archive()}
    for archive in archives.values():
        _skeleton(archive)
    programs = _choose(archives, rows, resolved)
    for target in PROGRAMS:
        where, _, name = target.partition("/")
        path = _compile(directory, target)
        archives[where].file(name, path)
        programs[where].add(path)
    sonames = {}
    for where, archive in archives.items():
        sonames[where] = _add_libraries(archive, programs[where], roots)
        _add_tree(archive, where)
    kernels = resolved["roles"]
    for where, archive in archives.items():
        package = kernels[f"kernel-{where}"]
        names = [row[1] for row in read_list("modules.list")
                 if row[0] == where]
        add_modules(archive, debs.root_of(resolved, package), names)
    busybox = os.path.join(debs.root_of(resolved, "busybox-static"),
                           "bin/busybox")
    dom0, guest = archives["dom0"], archives["guest"]
    _xen_links(dom0)
    for archive in archives.values():
        _busybox_links(archive, busybox)
    dom0.data(f"{GUEST_DIR}/initrd", guest.to_bytes())
    guest_kernel = _boot_file(resolved, kernels["kernel-guest"],
                              "boot/vmlinuz-*")
    dom0.data(f"{GUEST_DIR}/vmlinux", kernel.vmlinux_of(guest_kernel))
    dom0_kernel = _boot_file(resolved, kernels["kernel-dom0"],
                             "boot/vmlinuz-*")
    xen = _boot_file(resolved, debs.HYPERVISOR, "boot/xen-4.17-amd64.gz")
    with gzip.open(xen) as file:
        _write(os.path.join(directory, "xen"), file.read())
    _write(os.path.join(directory, "vmlinux-dom0"),
           kernel.vmlinux_of(dom0_kernel))
    _write(os.path.join(directory, "dom0.cpio"), dom0.to_bytes())
    _write(os.path.join(directory, "sonames"), "".join(
        f"{where} {soname}\n" for where in sonames
        for soname in sorted(sonames[where])).encode())
    _write(os.path.join(directory, "versions"), "".join(
        f"{file}\n" for file in sorted(resolved["files"].values())).encode())


def prepare():
    """The image for the present packages and recipe; made if need be."""
    rows = read_list("image.list")
    resolved = debs.resolve([row[0] for row in rows])
    key = _key(resolved)
    directory = os.path.join(cache_dir("images"), key)
    if not os.path.isdir(directory):
        with locked("image"):
            if not os.path.isdir(directory):
                say("making the image (fetching packages the first time)")
                debs.fetch(resolved)
                part = f"{directory}.part"
                shutil.rmtree(part, ignore_errors=True)
                os.makedirs(part)
                _build(resolved, rows, part)
                os.rename(part, directory)
    keep_newest("images", directory, KEEP_IMAGES)
    return Image(directory, key)
