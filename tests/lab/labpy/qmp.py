# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's monitor protocol, as much of it as snapshots need."""

import json
import time

from labpy.util import LabError

POLL_S = 0.02


class Qmp:
    """A monitor on a connected socket."""

    def __init__(self, sock):
        self._socket = sock
        self._file = None

    def _connect(self):
        self._socket.settimeout(60)
        self._file = self._socket.makefile("rw", encoding="utf-8")
        self._file.readline()       # the greeting
        self.execute("qmp_capabilities")

    def execute(self, command, **arguments):
        """Run a command; its return value, or LabError."""
        if self._file is None and command != "qmp_capabilities":
            self._connect()
        request = {"execute": command}
        if arguments:
            request["arguments"] = arguments
        try:
            self._file.write(json.dumps(request) + "\n")
            self._file.flush()
            while True:
                line = self._file.readline()
                if not line:
                    raise LabError(f"QEMU ended during {command}")
                answer = json.loads(line)
                if "return" in answer:
                    return answer["return"]
                if "error" in answer:
                    raise LabError(f"QEMU: {command}: "
                                   f"{answer['error']['desc']}")
        except OSError as error:
            raise LabError(f"QEMU: {command}: {error}") from error

    def wait_migration(self, deadline_s):
        """Until a migration, out or in, has completed."""
        end = time.monotonic() + deadline_s
        while True:
            status = self.execute("query-migrate").get("status")
            if status == "completed":
                return
            if status in ("failed", "cancelled"):
                raise LabError(f"QEMU: migration {status}")
            if time.monotonic() > end:
                raise LabError(f"QEMU: migration still {status}")
            time.sleep(POLL_S)
