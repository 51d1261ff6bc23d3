# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian packages: which versions, fetched and unpacked into the cache.

Nothing is installed on the machine: `apt-get download`, `dpkg-deb -x`.
"""

import hashlib
import json
import os
import re
import shutil

from labpy.util import LabError, cache_dir, run

# _apt cannot write into a user's cache; apt would warn about it every time.
APT_GET = ["apt-get", "-q", "-o", "APT::Sandbox::User=root"]

KERNEL_META = {"kernel-dom0": "linux-image-amd64",
               "kernel-guest": "linux-image-cloud-amd64"}
HYPERVISOR = "xen-hypervisor-4.17-amd64"

# Drivers for hardware that no QEMU machine of ours has: three quarters of
# the kernel package.
USELESS = ["drivers/gpu", "drivers/media", "drivers/net/wireless",
           "drivers/net/ethernet", "drivers/infiniband", "drivers/staging",
           "drivers/iio", "drivers/usb", "drivers/scsi", "drivers/hid",
           "drivers/input", "drivers/isdn", "sound"]


def _lists_stamp():
    """Changes whenever apt-get update brought something."""
    try:
        return os.stat("/var/lib/apt/lists").st_mtime_ns
    except OSError:
        return 0


def _kernel_package(meta):
    """linux-image-amd64 -> linux-image-6.1.0-N-amd64."""
    out = run(["apt-cache", "depends", "--important", meta]).decode()
    found = re.search(r"Depends: (linux-image-\d\S+)", out)
    if not found:
        raise LabError(f"apt does not know {meta}: run apt-get update")
    return found.group(1)


def _ask_apt(names):
    roles = {role: _kernel_package(meta)
             for role, meta in KERNEL_META.items()}
    wanted = sorted(set(names) | {HYPERVISOR} | set(roles.values()))
    out = run(APT_GET + ["download", "--print-uris"] + wanted).decode()
    files = {}
    for line in out.splitlines():
        if line.startswith("'"):
            name = line.split()[1]
            files[name.split("_")[0]] = name
    missing = sorted(set(wanted) - set(files))
    if missing:
        raise LabError("apt does not know: " + " ".join(missing))
    return {"roles": roles, "files": files}


def resolve(names):
    """{"roles": role -> package, "files": package -> .deb file name}.

    apt is asked once per `apt-get update`; the answer is kept.
    """
    stamp = hashlib.sha256(repr((_lists_stamp(), sorted(names))).encode())
    path = os.path.join(cache_dir(), "resolved.json")
    try:
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
        if kept["stamp"] == stamp.hexdigest():
            return kept["answer"]
    except (OSError, ValueError, KeyError):
        pass
    answer = _ask_apt(names)
    part = f"{path}.{os.getpid()}"
    with open(part, "w", encoding="utf-8") as file:
        json.dump({"stamp": stamp.hexdigest(), "answer": answer}, file)
    os.rename(part, path)
    return answer


def fetch(resolved):
    """Bring every package file into the cache."""
    where = cache_dir("debs")
    missing = [name for name, file in resolved["files"].items()
               if not os.path.exists(os.path.join(where, file))]
    if missing:
        run(APT_GET + ["download"] + missing, cwd=where)
    for file in resolved["files"].values():
        if not os.path.exists(os.path.join(where, file)):
            raise LabError(f"apt-get download did not bring {file}")


def root_of(resolved, package):
    """The directory with the unpacked package; unpacks it if need be."""
    file = resolved["files"][package]
    root = os.path.join(cache_dir("roots"), file[:-len(".deb")])
    if os.path.isdir(root):
        return root
    part = f"{root}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    deb = os.path.join(cache_dir("debs"), file)
    excludes = [f"--exclude=./lib/modules/*/kernel/{path}"
                for path in USELESS]
    excludes += ["--exclude=./usr/share/doc", "--exclude=./usr/share/man"]
    run(["sh", "-c", 'deb=$1; shift; dpkg-deb --fsys-tarfile "$deb" |'
         ' tar -x "$@"', "sh", deb, "-C", part, "--no-same-owner"]
        + excludes)
    os.rename(part, root)
    return root
