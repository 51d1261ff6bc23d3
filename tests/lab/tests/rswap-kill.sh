#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: rswap-attach may be killed at any instant, attaching and detaching: run
#      again it goes on from there, makes nothing twice and leaves nothing.
# lab: --mem 1408 --dom0-mem 512 --timeout 1800
# shellcheck source=/dev/null
. /lab/rswap.sh

rounds=${RSWAP_KILL_ROUNDS:-5}
trace=/tmp/trace
n_killed=0

# kills AT COMMAND [KEY=VALUE]...: rswap-attach, killed when it opens its AT-th
# file.  It opens some at every look, in every step and in libxl; not as many
# each time, so that it may be done before.
kills() {
	local at=$1 command=$2 rc=0
	shift 2
	strace -qq -o "$trace" -e trace=openat \
		-e "inject=openat:signal=SIGKILL:when=$at" \
		rswap-attach "$command" "volume=$rswap_volume" "$@" >/dev/null || rc=$?
	[ "$rc" -eq 0 ] && return
	assert_eq "$rc" 137 "exit code of $command, killed at file $at"
	n_killed=$((n_killed + 1))
}

# count_files COMMAND [KEY=VALUE]...: how many it opens when nobody kills it.
count_files() {
	local command=$1
	shift
	strace -qq -o "$trace" -e trace=openat \
		rswap-attach "$command" "volume=$rswap_volume" "$@" >/dev/null \
		|| fail "$command fails"
	n_files=$(grep -c openat "$trace")
}

steps() {
	status steps | tr -d '[]"'
}

# whole: one device of each kind, and all steps, as it has just been told.
whole() {
	assert_eq "$(jpick state <<<"$answer")" attached "state"
	assert_eq "$(jpick steps <<<"$answer" | tr -d '[]"')" \
		file,nbd,stack,label,vbd,offer "steps"
	assert_eq "$(losetup -a | wc -l)" 1 "loop devices"
	assert_eq "$(cat /sys/block/nbd*/backend 2>/dev/null | wc -l)" 1 \
		"nbd devices"
	assert_eq "$(grep -c '^md' /proc/mdstat)" 1 "mirrors"
	assert_eq "$(xenstore-list "/local/domain/$domid/device/vbd" | wc -l)" 1 \
		"devices of the guest"
	assert_eq "$(jpick missing_legs <<<"$answer")" 0 "missing legs"
}

guest_create one pv 96 96 noagent || fail "one does not start"
guest_wait_up one 60
lend 10809 32
legs=(leg=nbd:127.0.0.1:10809:x "leg=file:$rswap_dir")
domid=$(domid_of one)
attach=(attach "domid=$domid" size=32MiB "${legs[@]}")
detach=(detach force=yes "${legs[@]}")

count_files "${attach[@]}"
n_attach=$n_files
must_rswap status
whole
count_files "${detach[@]}"
n_detach=$n_files
nothing_left
say "attach opens $n_attach files, detach $n_detach"

for ((i = 1; i <= rounds; i++)); do
	at=$((n_attach * i / (rounds + 1)))
	kills "$at" "${attach[@]}"
	before=$(steps)
	must_rswap "${attach[@]}"
	whole
	say "attach: killed at file $at, had: ${before:-nothing}"
	at=$((n_detach * i / (rounds + 1)))
	kills "$at" "${detach[@]}"
	before=$(steps)
	# Some are taken down again, some are made whole first.
	if ((i % 2)); then
		must_rswap "${attach[@]}"
		whole
	fi
	must_rswap "${detach[@]}"
	nothing_left
	say "detach: killed at file $at, had: ${before:-nothing}"
done

assert_ge "$n_killed" $((rounds * 3 / 2)) "how many were killed"

# A guest that is gone in the middle of it.
kills $((n_attach * 9 / 10)) "${attach[@]}"
guest_destroy one
must_refuse no-domain "${attach[@]}"
must_rswap detach "${legs[@]}"
nothing_left
say "done"
