#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A guest's name is what its guest or owner chose: no escape sequence of it
# reaches the terminal, no line break breaks a table.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

sed -i $'s/^name = web$/name = a\e]0;x\a\xc2\x9b2J\xffb,c/' "$dir/host.scn"
start
wait_for 'rest' vm_is db state ready

harmless() {
    if LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f-\xff]' "$dir/out" "$dir/err"; then
        fail 'control characters were printed'
    fi
}

ask 0 vm-list domid=1
harmless
says out 'name-label ( RO): a\x1b]0;x\x07\xc2\x9b2J\xffb,c'
ask 0 vm-list domid=1 --json
harmless
ask 0 host-memory-show
harmless
says out '  a\x1b]0;x\x07\x~  '
ask 0 vm-memory-explain domid=1
harmless
ask 1 memory-reserve size=8g
harmless
ask 0 vm-list params=name-label domid=1 --minimal
harmless
says out 'b\,c'

# Nor does a name that nobody has.
ask 1 vm-memory-explain vm=$'\e[2J'
harmless
ask 1 vm-list $'memory-target=\e[2J'
harmless
says err "got '\\x1b[2J'"
