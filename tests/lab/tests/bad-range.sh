#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a range that breaks the chain is refused in words, from xenstore and
#      from the command line, and the last good one stays in force; a good one
#      written to xenstore is taken up at once.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

range_error() {
	xenstore-read "/balancer/domain/$(domid_of one)/error" 2>/dev/null
}

no_range_error() {
	! range_error >/dev/null
}

target_at_most() {
	[ "$(target_kib one)" -le "$1" ]
}

balancerd_start
start_guests 192 128 256 one:pv
must_rest 60
dir=/local/domain/$(domid_of one)/memory
before=$(target_kib one)

xenstore-write "$dir/dynamic-min" 999999
must_wait_for 5 range_error
assert_eq "$(range_error)" \
	"dynamic-min 999999 KiB is above dynamic-max 262144 KiB" "the error"
assert_eq "$(target_kib one)" "$before" "target after a bad range"
assert_eq "$(vm_field one memory_dynamic_min_kib)" 131072 "range in force"
xenstore-write "$dir/dynamic-min" 131072
must_wait_for 5 no_range_error

says_error() {
	[ "$(range_error)" = "$1" ]
}

# A value that is no number is refused in each key, too.
garble() {
	local key=$1 good=$2 bad
	for bad in -5 12abc '' 99999999999999999999999; do
		xenstore-write -- "$dir/$key" "$bad"
		must_wait_for 5 says_error "$key is not a number of KiB:\
 digits only, at most 4398046511104"
		assert_eq "$(vm_field one memory_dynamic_max_kib)" 262144 \
			"range in force with '$bad' in $key"
		xenstore-write "$dir/$key" "$good"
		must_wait_for 5 no_range_error
	done
}

xenstore-write "$dir/static-min" 131072
garble static-min 131072
garble dynamic-min 131072
garble dynamic-max 262144
garble static-max "$(xenstore-read "$dir/static-max")"
xenstore-write "$dir/static-min" 200000
must_wait_for 5 says_error \
	"static-min 200000 KiB is above dynamic-min 131072 KiB"
xenstore-rm "$dir/static-min"
must_wait_for 5 no_range_error
xenstore-write "$dir/static-max" 200000
must_wait_for 5 says_error \
	"dynamic-max 262144 KiB is above static-max 200000 KiB"
xenstore-write "$dir/static-max" 262144
must_wait_for 5 no_range_error
must_rest
assert_eq "$(target_kib one)" "$before" "target after nonsense"

if answer=$(balancerctl vm-memory-dynamic-range-set vm=one min=300MiB \
	max=200MiB 2>&1); then
	fail "a reversed range was taken"
fi
say "$answer"
assert_match "$answer" "dynamic-min: 300 MiB" "the refusal has the numbers"
assert_eq "$(xenstore-read "$dir/dynamic-min")" 131072 dynamic-min

# A good one, by plain xenstore-write: at once.
xenstore-write "$dir/dynamic-max" $((150 * 1024))
must_wait_for 2 target_at_most $((150 * 1024))
must_wait_for 20 guest_near one $((150 * 1024)) 512
finish
