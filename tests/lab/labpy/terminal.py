# SPDX-License-Identifier: LGPL-2.1-or-later
"""The user's terminal, connected with a shell in dom0."""

import os
import signal
import sys
import termios
import tty

ESCAPE = 0x01           # ctrl-a, as in QEMU: ctrl-a x quits, ctrl-a a sends it
QUIT = ord("x")
END_OF_INPUT = b"exit\n"     # a ctrl-d can get lost between two commands


class Terminal:
    """Raw while it is entered; as it was afterwards."""

    def __init__(self, rundir):
        self.fd = sys.stdin.fileno()
        self.ended = False
        self.input_ended = False
        self._rundir = rundir
        self._saved = None
        self._escaped = False
        self._resized = True
        self._old_handler = None

    def __enter__(self):
        self._rundir.put("term", os.environ.get("TERM", "vt100").encode())
        if os.isatty(self.fd):
            self._saved = termios.tcgetattr(self.fd)
            tty.setraw(self.fd)
        self._old_handler = signal.signal(signal.SIGWINCH, self._on_resize)
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGWINCH, self._old_handler)
        if self._saved:
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self._saved)
        print()

    def _on_resize(self, *_):
        self._resized = True

    def tell_size(self, host):
        """Let the shell's terminal be as large as the user's."""
        if not self._resized:
            return
        self._resized = False
        try:
            size = os.get_terminal_size(self.fd)
        except OSError:
            size = os.terminal_size((80, 24))
        host.order(f"size {size.lines} {size.columns}")

    def from_host(self, host):
        data = host.terminal.recv(65536)
        while data:
            data = data[os.write(1, data):]

    def from_user(self, host):
        data = os.read(self.fd, 4096)
        if not data:
            self.input_ended = True
            data = END_OF_INPUT
        send = bytearray()
        for byte in data:
            if self._escaped:
                self._escaped = False
                if byte == QUIT:
                    self.ended = True
                    break
                send.append(byte)
            elif byte == ESCAPE:
                self._escaped = True
            else:
                send.append(byte)
        host.terminal.sendall(bytes(send))
