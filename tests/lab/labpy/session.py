# SPDX-License-Identifier: LGPL-2.1-or-later
"""A lab in action: hosts that are up, a job in the first one, its end."""

import os
import secrets
import selectors
import shutil
import socket
import time

from labpy import snapshot
from labpy.host import CHECK_EVERY_S, Host, HostError
from labpy.util import LabError

BOOT_DEADLINE_S = 300
INSTALL_DEADLINE_S = 30


COLLECT_DEADLINE_S = 10


class JobTimeout(HostError):
    """The time that the user gave is over."""


class Session:
    """Owns the hosts of one run."""

    def __init__(self, image, options, rundir):
        self._image = image
        self._options = options
        self._rundir = rundir
        self._selector = selectors.DefaultSelector()
        self.hosts = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for host in self.hosts:
            host.kill()

    def boot(self):
        """Bring all hosts to the point where they take orders."""
        options = self._options
        saved = None if options.cold or options.disk else snapshot.prepare(
            self._image, options.shape, self._rundir)
        ends = socket.socketpair() if options.hosts == 2 else ()
        for number in range(options.hosts):
            host = Host(number, self._rundir.path, options.shape)
            self.hosts.append(host)
            host.start(self._image, saved.ram if saved else None, False,
                       self._rundir.directories(),
                       ends[number].fileno() if ends else None,
                       saved is not None,
                       None if number else options.disk)
        for end in ends:
            end.close()
        for host in self.hosts:
            if saved:
                saved.restore_into(host)
            else:
                host.wait_ready(BOOT_DEADLINE_S)
            self._watch(host.up, self._read_up, host)

    def _watch(self, sock, handler, host):
        self._selector.register(sock, selectors.EVENT_READ, (handler, host))

    def _read_up(self, host):
        """The words a host says; orders for another host are passed on."""
        said = []
        for line in host.read_lines():
            word = line.split()
            if len(word) != 4 or word[0] != "order":
                said.append(line)
            elif word[1].isdigit() and int(word[1]) < len(self.hosts):
                self.hosts[int(word[1])].order(f"{word[2]} {word[3]}")
        return said

    def _step(self, end):
        """Wait for the next happening; what was said: {host number: words}.

        `end` is the moment that ends the patience, None for never.
        """
        for host in self.hosts:
            host.check()
        wait = CHECK_EVERY_S
        if end is not None:
            if time.monotonic() >= end:
                raise JobTimeout(self.hosts[0], "the time is over")
            wait = min(wait, end - time.monotonic())
        said = {}
        for key, _ in self._selector.select(max(wait, 0)):
            handler, host = key.data
            said.setdefault(host.number, []).extend(handler(host) or [])
        return said

    def _await(self, word, hosts, deadline_s):
        waiting = {host.number for host in hosts}
        end = time.monotonic() + deadline_s
        while waiting:
            said = self._step(end)
            waiting -= {number for number in said if word in said[number]}

    def go(self, mark):
        """Tell all hosts to mount and install; the first one runs the job.

        Without a mark there is no job.
        """
        others = self.hosts[1:] if mark else self.hosts
        count = len(self.hosts)
        for host in others:
            host.order(f"go {host.number} {count} {time.time():.3f}")
        if others:
            self._await("up", others, INSTALL_DEADLINE_S)
        if mark:
            self.hosts[0].order(f"go 0 {count} {time.time():.3f} {mark}")

    def run_job(self, deadline_s):
        """Run /lab/job/run in host 0; its exit code."""
        mark = secrets.token_hex(16)
        end = time.monotonic() + deadline_s if deadline_s else None
        output = _Output(mark.encode())
        host = self.hosts[0]
        self._watch(host.out, output.feed, host)
        self.go(mark)
        try:
            while output.code is None:
                self._step(end)
        finally:
            self._selector.unregister(host.out)
        return output.code

    def collect(self):
        """Bring the logs of all hosts into the share, as far as they can."""
        logs = os.path.join(self._rundir.directories()["share"], "logs")
        os.makedirs(logs, exist_ok=True)
        for host in self.hosts:
            shutil.copy(host.console, logs)
        try:
            for host in self.hosts:
                host.order("collect")
            self._await("collected", self.hosts, COLLECT_DEADLINE_S)
        except (LabError, OSError):
            pass        # the failure that brought us here is told already

    def proxy(self, terminal):
        """Connect the user's terminal with the shell until it ends."""
        host = self.hosts[0]
        self._watch(host.terminal, terminal.from_host, host)
        self._watch(terminal.fd, terminal.from_user, host)
        terminal.tell_size(host)
        host.order("shell")
        while not terminal.ended:
            terminal.tell_size(host)
            said = self._step(None)
            if terminal.input_ended:
                terminal.input_ended = False
                self._selector.unregister(terminal.fd)
            if "done" in said.get(0, []):
                return


class _Output:
    """The job's output, passed on; finds the mark at its end."""

    def __init__(self, mark):
        self._mark = mark + b" "
        self._held = b""
        self.code = None

    def feed(self, host):
        data = self._held + host.out.recv(65536)
        place = data.find(self._mark)
        if place < 0:
            keep = _partial(data, self._mark)
            self._held = data[len(data) - keep:]
            _write_all(data[:len(data) - keep])
            return
        tail = data[place + len(self._mark):]
        if b"\n" not in tail:
            _write_all(data[:place])
            self._held = data[place:]
            return
        _write_all(data[:place])
        self.code = int(tail.split(b"\n")[0])


def _partial(data, mark):
    """How much of the end of data may be the beginning of the mark."""
    for size in range(min(len(mark), len(data)), 0, -1):
        if data.endswith(mark[:size]):
            return size
    return 0


def _write_all(data):
    try:
        while data:
            data = data[os.write(1, data):]
    except BrokenPipeError:
        raise LabError("nobody reads the output any more") from None
