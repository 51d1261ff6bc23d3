# SPDX-License-Identifier: LGPL-2.1-or-later
"""One emulated machine: its QEMU process, its ports, its console."""

import os
import re
import select
import signal
import socket
import subprocess
import time

from labpy.qmp import Qmp
from labpy.util import LabError, die_with_parent

QEMU = "qemu-system-x86_64"

# Every word here cures something that was seen; see README.md.
CPU = "max,-smap,-smep,-rdtscp"
XEN_OPTIONS = ("console=com1 com1=115200,8n1 no-real-mode "
               "spec-ctrl=no,eager-fpu xpti=0 loglvl=warning bootscrub=0")
# Self tests of the kernel that take a third of its boot under emulation; the
# guests' line in lib.sh leaves out the same.
SKIPPED = ("rodata=off cryptomgr.notests "
           "initcall_blacklist=crypto_kdf108_init "
           "initcall_blacklist=load_system_certificate_list "
           "initcall_blacklist=init_kprobe_trace "
           "initcall_blacklist=init_encrypted")
# A root on tmpfs may have half of what is free at that moment: of a small dom0
# not enough.
DOM0_OPTIONS = ("console=hvc0 earlyprintk=xen quiet mitigations=off nokaslr "
                f"rootfstype=ramfs oops=panic panic=1 {SKIPPED}")

# What on the console means that the host is lost.
FATAL = re.compile(rb"Kernel panic - not syncing|\(XEN\) Panic on CPU|"
                   rb"\(XEN\) Xen BUG at|\(XEN\) FATAL TRAP|"
                   rb"Hardware Dom0 (?:crashed|halted|shutdown)")

TAIL_LINES = 40
CHECK_EVERY_S = 0.3
CRASH_TALE_S = 0.5      # a crash is told in many lines: let them come


class HostError(LabError):
    """A host failed; its console says more."""

    def __init__(self, host, text):
        super().__init__(f"host {host.number}: {text}")
        self.console_tail = host.console_tail()


class Host:
    """A machine that boots, or is restored, and answers on its ports."""

    def __init__(self, number, directory, shape):
        self.number = number
        self.shape = shape
        self.console = os.path.join(directory, f"console{number}.log")
        self.errors = os.path.join(directory, f"qemu{number}.log")
        self.process = None
        self.qmp = None
        self.down = self.up = self.out = self.terminal = None
        self._console_read = 0
        self._unfinished = b""

    def start(self, image, ram, share_ram, directories, link, incoming,
              disk=None):
        """Start QEMU; what it is told to do then goes through qmp."""
        theirs = []

        def channel():
            ours, other = socket.socketpair()
            theirs.append(other)
            return ours, other.fileno()

        monitor, qmp_fd = channel()
        self.down, down_fd = channel()
        self.up, up_fd = channel()
        self.out, out_fd = channel()
        self.terminal, terminal_fd = channel()
        command = [QEMU, "-accel", "tcg,thread=multi", "-cpu", CPU,
                   "-smp", "1", "-m", str(self.shape.mem_mib),
                   "-nodefaults", "-vga", "none", "-display", "none",
                   "-no-reboot", "-nographic", "-monitor", "none",
                   "-serial", f"file:{self.console}"]
        command += self._memory(ram, share_ram)
        command += ["-chardev", f"socket,id=qmp,fd={qmp_fd}",
                    "-mon", "chardev=qmp,mode=control",
                    "-device", "virtio-serial-pci,max_ports=8"]
        for name, fd in (("down", down_fd), ("up", up_fd), ("out", out_fd)):
            command += ["-chardev", f"socket,id={name},fd={fd}", "-device",
                        f"virtserialport,chardev={name},name=lab.{name}"]
        command += ["-chardev", f"socket,id=tty,fd={terminal_fd}",
                    "-device", "virtconsole,chardev=tty"]
        for tag, path in directories.items():
            command += ["-fsdev", f"local,id={tag},path={_escape(path)},"
                        "security_model=none,multidevs=remap", "-device",
                        f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
        command += self._root(image.disk)
        command += self._network(link)
        if disk:
            command += ["-drive", "if=none,id=disk,format=raw,cache=none,"
                        f"file=nbd:unix:{_escape(disk)}",
                        "-device", "virtio-blk-pci,drive=disk"]
        command += self._boot(image)
        if incoming:
            command += ["-incoming", "defer"]
        fds = [sock.fileno() for sock in theirs]
        if link is not None:
            fds.append(link)
        with open(self.errors, "wb") as errors:
            # Its own session: a ctrl-c of the user reaches only the lab.
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=errors,
                stderr=errors, pass_fds=fds, start_new_session=True,
                preexec_fn=die_with_parent)
        for sock in theirs:
            sock.close()
        self.qmp = Qmp(monitor)

    def _memory(self, ram, share):
        machine = "q35"
        if not ram:
            return ["-machine", machine]
        backend = (f"memory-backend-file,id=ram,size={self.shape.mem_mib}M,"
                   f"mem-path={_escape(ram)},"
                   f"share={'on' if share else 'off'}")
        return ["-machine", f"{machine},memory-backend=ram",
                "-object", backend]

    @staticmethod
    def _root(path):
        if not path:
            return []
        return ["-drive", f"if=none,id=root,format=raw,readonly=on,"
                f"file={_escape(path)}",
                "-device", "virtio-blk-pci,drive=root"]

    @staticmethod
    def _network(link):
        backend = "hubport,id=net,hubid=0" if link is None else \
            f"stream,id=net,server=off,addr.type=fd,addr.str={link}"
        return ["-netdev", backend,
                "-device", "virtio-net-pci,netdev=net,romfile="]

    def _boot(self, image):
        dom0 = f"dom0_mem={self.shape.dom0_mib}M,max:{self.shape.dom0_mib}M"
        return ["-kernel", image.xen, "-append", f"{dom0} {XEN_OPTIONS}",
                "-initrd", f"{image.dom0_kernel} {DOM0_OPTIONS} "
                f"lab.xenstored={self.shape.xenstored} {image.dom0_options}"
                f",{image.dom0_initrd}"]

    def order(self, line):
        self.down.sendall(line.encode() + b"\n")

    def read_lines(self):
        """What the host says, in whole lines; none at the end of file."""
        data = self.up.recv(4096)
        *lines, rest = (self._unfinished + data).split(b"\n")
        self._unfinished = rest
        return [line.decode(errors="replace") for line in lines]

    def wait_ready(self, deadline_s):
        """Until a booting host takes orders."""
        end = time.monotonic() + deadline_s
        while True:
            self.check()
            if time.monotonic() > end:
                raise HostError(self, f"not up after {deadline_s} s")
            if select.select([self.up], [], [], CHECK_EVERY_S)[0] \
                    and "ready" in self.read_lines():
                return

    def check(self):
        """HostError if the machine is gone or its console tells of a crash."""
        found = self._scan_console()
        if found:
            time.sleep(CRASH_TALE_S)
            raise HostError(self, f"crashed: {found}")
        if self.process.poll() is not None:
            with open(self.errors, "rb") as file:
                text = file.read()[-1000:].decode(errors="replace")
            raise HostError(self, f"QEMU ended ({self.process.returncode}) "
                            f"{text}".rstrip())

    def _scan_console(self):
        try:
            with open(self.console, "rb") as file:
                # Overlap: a line may have been read in halves.
                file.seek(max(0, self._console_read - 200))
                text = file.read()
                self._console_read = file.tell()
        except FileNotFoundError:
            return None
        found = FATAL.search(text)
        if not found:
            return None
        line = text[found.start():].split(b"\n")[0]
        return line.decode(errors="replace").strip()

    def console_tail(self):
        try:
            with open(self.console, "rb") as file:
                lines = file.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        # Xen's and dom0's line ends together make every other line empty.
        lines = [line.rstrip() for line in lines if line.strip()]
        return "\n".join(lines[-TAIL_LINES:])

    def kill(self):
        """End it, with whatever it started; harmless when it is gone."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def _escape(path):
    """QEMU's option parser wants commas doubled."""
    return path.replace(",", ",,")
