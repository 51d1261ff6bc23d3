# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kernel modules for an initramfs, with what they depend on.

modules.dep and modules.alias are written here: depmod is not on every
machine, and the modules say all that is needed themselves.
"""

import glob
import os
import re

from labpy.util import LabError


def _canonical(name):
    return name.replace("-", "_")


def _modinfo(path, key):
    """The values of one key in a module's .modinfo section."""
    with open(path, "rb") as file:
        data = file.read()
    found = re.findall(rb"\0" + key.encode() + rb"=([^\0]*)(?=\0)", data)
    return [value.decode() for value in found]


class _Tree:
    """The modules directory of an unpacked kernel package."""

    def __init__(self, root):
        found = glob.glob(os.path.join(root, "lib/modules/*")) \
            or glob.glob(os.path.join(root, "usr/lib/modules/*"))
        if len(found) != 1:
            raise LabError(f"{root}: {len(found)} module trees")
        self.base = found[0]
        self.release = os.path.basename(self.base)
        pattern = os.path.join(self.base, "kernel/**/*.ko")
        self._paths = {_canonical(os.path.basename(path)[:-len(".ko")]): path
                       for path in glob.glob(pattern, recursive=True)}

    def path(self, name):
        if name not in self._paths:
            raise LabError(f"modules.list: the kernel has no module {name}")
        return self._paths[name]

    def relative(self, name):
        return os.path.relpath(self.path(name), self.base)

    def depends(self, name):
        """All that must be loaded, what is loaded last coming first."""
        order = []
        for value in _modinfo(self.path(name), "depends"):
            for other in filter(None, value.split(",")):
                for one in [_canonical(other)] \
                        + self.depends(_canonical(other)):
                    if one in order:
                        order.remove(one)
                    order.append(one)
        return order


def add_modules(archive, root, names):
    """Put the modules and the files modprobe reads into the archive."""
    tree = _Tree(root)
    chosen = set()
    for name in map(_canonical, names):
        chosen |= {name, *tree.depends(name)}
    base = f"usr/lib/modules/{tree.release}"
    deps, aliases = [], []
    for name in sorted(chosen):
        archive.file(f"{base}/{tree.relative(name)}", tree.path(name))
        needs = [tree.relative(other) for other in tree.depends(name)]
        deps.append(f"{tree.relative(name)}: {' '.join(needs)}".strip())
        aliases += [f"alias {alias} {name}"
                    for alias in _modinfo(tree.path(name), "alias")]
    archive.data(f"{base}/modules.dep", ("\n".join(deps) + "\n").encode())
    archive.data(f"{base}/modules.alias",
                 ("\n".join(aliases) + "\n").encode())
