# SPDX-License-Identifier: LGPL-2.1-or-later
"""A newc cpio archive, written without root: an initramfs."""

import os
import stat

BLOCK = 4


class Archive:
    """Collects entries by path; parents are made by themselves."""

    def __init__(self):
        self._entries = {}      # path -> (mode, data, (major, minor))

    def __contains__(self, path):
        return path in self._entries

    def _add(self, path, mode, data, device=(0, 0)):
        parent = os.path.dirname(path)
        if parent and parent not in self._entries:
            self.directory(parent)
        self._entries[path] = (mode, data, device)

    def directory(self, path):
        self._add(path, stat.S_IFDIR | 0o755, b"")

    def symlink(self, path, target):
        self._add(path, stat.S_IFLNK | 0o777, target.encode())

    def device(self, path, major, minor):
        self._add(path, stat.S_IFCHR | 0o600, b"", (major, minor))

    def data(self, path, data, mode=0o644):
        self._add(path, stat.S_IFREG | mode, data)

    def file(self, path, source):
        """Take a file or a symlink of the machine as `path`."""
        info = os.lstat(source)
        if stat.S_ISLNK(info.st_mode):
            self.symlink(path, os.readlink(source))
            return
        with open(source, "rb") as file:
            self.data(path, file.read(), stat.S_IMODE(info.st_mode))

    def to_bytes(self):
        """The archive.  Parents come before what they hold."""
        parts = []
        items = sorted(self._entries.items())
        for number, (path, (mode, data, device)) in enumerate(items, 1):
            parts.append(_entry(number, path, mode, data, device))
        parts.append(_entry(0, "TRAILER!!!", 0, b"", (0, 0)))
        return b"".join(parts)


def _pad(data):
    return data + b"\0" * (-len(data) % BLOCK)


def _entry(number, path, mode, data, device):
    name = path.encode() + b"\0"
    nlink = 2 if stat.S_ISDIR(mode) else 1
    fields = (number, mode, 0, 0, nlink, 0, len(data), 0, 0,
              device[0], device[1], len(name), 0)
    head = b"070701" + "".join(f"{field:08X}" for field in fields).encode()
    return _pad(head + name) + _pad(data)
