#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: the process of a plugin that crashes, hangs or outlives its daemon costs
#      a real host nothing but that plugin.
# lab: --mem 1024 --timeout 240
# shellcheck source=/dev/null
. /lab/balance.sh

# The processes whose parent is the daemon.
plugin_pid() {
	local file pid rest
	for file in /proc/[0-9]*/stat; do
		read -r pid _ _ parent rest <"$file" 2>/dev/null || continue
		[ "$parent" != "$balancerd_pid" ] || echo "$pid"
	done
}

has_logged() {
	balancerd_log | grep -qF -- "$1"
}

is_gone() {
	! kill -0 "$1" 2>/dev/null
}

# The plugin plans for one, in a process of its own.
load() {
	balancerctl engine-load "engine=$plugin" name=apart || fail 'not loaded'
	must_wait_for 20 vm_planned_by apart
	child=$(plugin_pid)
	[ -n "$child" ] || fail 'the plugin has no process'
}

vm_planned_by() {
	balancerctl vm-memory-explain vm=one | grep -qF "engine $1)"
}

plugin=$(find /usr -name proportional.so)
[ -n "$plugin" ] || fail 'there is no plugin in this host'
balancerd_start
guest_create one pv 96 128 || fail 'one does not start'
guest_wait_up one 60
set_range one 80 112
must_wait_for 30 guest_near one $((112 * 1024))
balancerctl engine-load "engine=$plugin" name=apart || fail 'not loaded'
balancerctl vm-engine-set vm=one engine=apart || fail 'not set'

load
set_range one 80 96
must_wait_for 30 guest_near one $((96 * 1024))

# It crashes.
kill -SEGV "$child"
must_wait_for 30 has_logged \
	"engine apart ($plugin) is set aside, and the default one is in its place: its process was ended by signal 11"
must_wait_for 20 vm_planned_by default
set_range one 80 112
must_wait_for 30 guest_near one $((112 * 1024))

# It hangs, and someone asks for memory meanwhile.
load
kill -STOP "$child"
set_range one 80 104
must_wait_for 60 has_logged 'it did not come back within 5000 ms in plan'
must_wait_for 30 guest_near one $((104 * 1024))
is_gone "$child" || fail 'the plugin that hangs is still there'

# The daemon is killed: nobody is left, and the engine is there again.
load
kill -STOP "$child"
balancerd_stop KILL || fail 'no end'
must_wait_for 10 is_gone "$child"
balancerd_start
must_wait_for 20 vm_planned_by apart
check_accounting
balancerd_stop || fail 'no clean end'
