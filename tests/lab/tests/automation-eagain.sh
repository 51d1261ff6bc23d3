#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a xenstored that fails one transaction in nine without a reason
#      (oxenstored's test-eagain): requests are answered all the same, and
#      guests get their targets.
# lab: --mem 1152 --dom0-mem 384 --timeout 400 --xenstored ocaml-eagain
# shellcheck source=/dev/null
. /lab/automation.sh

is_traced() {
	grep -q 'TracerPid:[^0-9]*[1-9]' "/proc/$balancerd_pid/status"
}

# Every answer is a transaction; some of them must have failed.
story_of_many_answers() {
	local i tracer
	strace -f -o /tmp/trace -e trace=read -p "$balancerd_pid" &
	tracer=$!
	must_wait_for 10 is_traced
	for ((i = 1; i <= 40; i++)); do
		ask many "size=$((i * 64))"
		must_wait_for 10 is_answered many "granted $((i * 64))"
	done
	take_back many
	must_wait_for 10 reservations_are 0
	kill "$tracer"
	wait "$tracer"
	assert_ge "$(grep -c '"EAGAIN' /tmp/trace)" 1 "transactions that failed"
}

balancerd_start
story_of_many_answers
start_guests 224 128 320 one:pv two:pv
must_rest 60
story_of_a_request
story_of_refusals
story_of_a_crash
finish
