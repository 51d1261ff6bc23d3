# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a bzImage to the uncompressed ELF inside: seconds less per boot."""

import gzip
import lzma
import struct
import subprocess

from labpy.util import LabError

SETUP_SECTS = 0x1f1
PAYLOAD_OFFSET = 0x248
SECTOR = 512
ELF = b"\x7fELF"


def _unlz4(payload):
    # The payload ends in the uncompressed size, which lz4 takes for the
    # beginning of another stream and complains about.
    done = subprocess.run(["lz4", "-dc"], input=payload[:-4], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.stdout


def _unxz(payload):
    return lzma.LZMADecompressor().decompress(payload)


DECOMPRESSORS = {b"\xfd7zX": _unxz, b"\x02\x21\x4c\x18": _unlz4,
                 b"\x1f\x8b\x08\x00": gzip.decompress}


def vmlinux_of(path):
    """The ELF kernel in the bzImage at `path`."""
    with open(path, "rb") as file:
        image = file.read()
    sectors = image[SETUP_SECTS] or 4
    offset, length = struct.unpack_from("<II", image, PAYLOAD_OFFSET)
    begin = (sectors + 1) * SECTOR + offset
    payload = image[begin:begin + length]
    decompress = DECOMPRESSORS.get(payload[:4])
    elf = decompress(payload) if decompress else payload
    if elf[:4] != ELF:
        raise LabError(f"{path}: no ELF kernel in it ({payload[:4].hex()})")
    return elf
