# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lab: real Xen hosts under QEMU, made from Debian's own packages."""
