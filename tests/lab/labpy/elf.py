# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which shared libraries a set of programs needs, and where they are."""

import os
import re
import subprocess

from labpy.util import LabError

LIB_DIRS = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu",
            "usr/lib", "lib", "usr/lib/x86_64-linux-gnu/xen-4.17"]
ELF = b"\x7fELF"


def is_elf(path):
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(4) == ELF


def needed(paths):
    """The sonames that these ELF files ask for."""
    if not paths:
        return set()
    # C.UTF-8, not the user's language: the text is parsed.
    out = subprocess.run(["readelf", "-dW"] + sorted(paths), check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         env=dict(os.environ, LC_ALL="C")).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", out.decode()))


def find_library(soname, roots):
    """The real file of a library below one of the unpacked roots."""
    for root in roots:
        for place in LIB_DIRS:
            path = os.path.join(root, place, soname)
            if os.path.exists(path):
                return os.path.realpath(path)
    return None


def closure(programs, roots, known=()):
    """{soname: file} of all that the programs need, directly or not.

    `known` sonames are there already and are not looked for.
    """
    found = {}
    todo = set(programs)
    while todo:
        wanted = needed(todo) - set(found) - set(known)
        todo = set()
        for soname in sorted(wanted):
            path = find_library(soname, roots)
            if not path:
                raise LabError(f"no package brings the library {soname}; "
                               "add its package to image.list")
            found[soname] = path
            todo.add(path)
    return found
