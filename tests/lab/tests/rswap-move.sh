#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a guest moves what is on its slow swap disk over to remote swap, at no more
#      than the rate that it is told, while its programs go on, and swaps to its
#      disk again when the remote swap is taken away.
# lab: --mem 1408 --dom0-mem 640 --timeout 600
# shellcheck source=/dev/null
. /lab/measure.sh
. /lab/rswap.sh

rate_kib_s=2048
n_programs=6
program_mib=5

# used_kib DEVICE: what the guest has there.
used_kib() {
	guest_run one "awk '/$1/ { print \$4 }' /proc/swaps"
}

# all_filled: each program has written all that it will check in the end.
all_filled() {
	[ "$(guest_run one 'cat /run/load.* | grep -c state=running')" = $n_programs ]
}

is_moved() {
	kib=$(used_kib xvdb) && [ "$kib" -lt 256 ]
}

guest_create one pv 96 96 || fail "one does not start"
guest_wait_up one 60
disk_make disk 64
xl block-attach one "$(disk_for "$disk_path" xvdb w | tr -d "'")" || fail "no disk"
swap_on one xvdb
# Several: the kernel does not stop within one.
guest_run one "for i in \$(seq $n_programs); do
	workload $program_mib 0 /run/load.\$i >/dev/null 2>&1 &
	echo \$! >>/run/pids; done"
must_wait_for 120 all_filled
before_kib=$(used_kib xvdb)
say "$before_kib KiB are on the disk"
assert_ge "$before_kib" 4096 "what is on the disk (KiB)"

lend 10809 32
must_rswap attach "domid=$(domid_of one)" size=32MiB "move=${rate_kib_s}KiB" \
	leg=nbd:127.0.0.1:10809:x "leg=file:$rswap_dir"
must_wait_for 30 status_is guest_state on
begin=$(now_ms)
must_wait_for 180 is_moved
took_ms=$(($(now_ms) - begin))
moved_kib=$((before_kib - kib))
say "$moved_kib KiB moved in $took_ms ms, $((moved_kib * 1000 / took_ms)) KiB/s;" \
	"the volume has $(swapped_kib one) KiB"
# One program may go at once, the last one.
assert_ge "$took_ms" $(((moved_kib - 2 * program_mib * 1024) * 1000 / rate_kib_s)) \
	"the time it took (ms)"
assert_ge "$(swapped_kib one)" $((moved_kib / 2)) "what the volume has (KiB)"
assert_match "$(guest_run one 'cat /proc/swaps')" 'xvdb.*-[0-9]' \
	"the disk is swapped to again"

# Back to the disk, which is there for it.
must_rswap withdraw wait=120s
must_rswap detach
assert_eq "$(jpick state <<<"$answer")" none "state"
assert_ge "$(used_kib xvdb)" $((before_kib / 2)) "what is on the disk again (KiB)"
# shellcheck disable=SC2016 # it is the guest's
GUEST_RUN_S=120 guest_run one 'kill $(cat /run/pids)
	for pid in $(cat /run/pids); do
		while kill -0 $pid 2>/dev/null; do sleep 0.1; done
	done; cat /run/load.*' >/tmp/loads
assert_eq "$(grep -c state=done /tmp/loads)" $n_programs \
	"programs without a bad page: $(cat /tmp/loads)"
no_io_errors one
say "done"
