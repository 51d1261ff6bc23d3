#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: in a real dom0 the start-up checks say what is wrong, one sentence each,
#      a killed daemon is in nobody's way, and a running one is small, locked
#      in memory and spared by the kernel.
# shellcheck source=/dev/null
. /lab/balance.sh

# refused SENTENCE COMMAND...
refused() {
	local sentence=$1 said
	shift
	said=$(assert_fails timeout 10 "$@" 2>&1 </dev/null)
	[[ $said == *"$sentence"* ]] || fail "'$said' does not say '$sentence'"
}

xenstored_answers() {
	xenstore-read /local/domain/0/name >/dev/null 2>&1
}

xenstored_is_gone() {
	! kill -0 "$xenstored_pid" 2>/dev/null
}

status_of() { # FIELD, of /proc/PID/status
	awk -v field="$1:" '$1 == field { print $2 }' \
		"/proc/$balancerd_pid/status"
}

echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
refused 'balancerd has to be run by root' \
	start-stop-daemon -S -c nobody -x "$(command -v balancerd)"

mv /dev/xen/privcmd /dev/xen/privcmd.away
refused 'this is not a Xen dom0: there is no /dev/xen/privcmd' balancerd
mv /dev/xen/privcmd.away /dev/xen/privcmd

mkdir -p /run/empty
mount -o bind /run/empty /proc/xen # it is busy: covered, not unmounted
refused 'xenfs is not mounted on /proc/xen' balancerd
umount /proc/xen

balancerd_start
first=$balancerd_pid
refused "another balancerd runs already: process $first has locked" balancerd
refused "another balancerd runs already: process $first has locked" \
	balancerd --socket=/run/other.sock
assert_le "$(status_of VmRSS)" 10240 'resident KiB'
assert_ge "$(status_of VmLck)" 1 'locked KiB'
assert_eq "$(cat "/proc/$first/oom_score_adj")" -900 'OOM score'

balancerd_stop KILL
[ -S "$lab_socket" ] || fail 'a killed daemon removed its socket'
balancerd_start
assert_ne "$balancerd_pid" "$first" 'pid'
balancerd_stop || fail 'no clean end'
[ ! -e "$lab_socket" ] || fail 'the socket is left'

xenstored_pid=$(pidof xenstored)
kill -KILL "$xenstored_pid"
must_wait_for 5 xenstored_is_gone
refused 'xenstored does not run: nobody answers at' balancerd
xenstored --pid-file=/run/xen/xenstored.pid
xenstore-write /local/domain/0/name Domain-0
must_wait_for 10 xenstored_answers
balancerd_start
balancerd_stop || fail 'no clean end'
