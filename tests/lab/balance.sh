# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For lab tests of the balancer: . /lab/balance.sh
# shellcheck source=/dev/null
. /lab/lib.sh

# A dynamic range so that the domain is balanced: set_range NAME MIN_MIB MAX_MIB
set_range() {
	balancerctl vm-memory-dynamic-range-set "vm=$1" "min=${2}MiB" \
		"max=${3}MiB" || fail "cannot set the range of $1"
}

# vm_field NAME FIELD: a member of the domain's record.
vm_field() {
	balancerctl host-memory-show --json | jpick "vms[name_label=$1].$2"
}

# vm_is NAME FIELD VALUE: for wait_for.
vm_is() {
	[ "$(vm_field "$1" "$2")" = "$3" ]
}

# host_field FIELD
host_field() {
	balancerctl host-memory-show --json | jpick "host.$1"
}

says_rest() {
	[ "$(balancerctl balancer-status --json | jpick is_at_rest)" = true ]
}

# The balance has come to rest; two looks, because what was done a moment ago
# may not have had its effect.
is_at_rest() {
	local before
	before=$(all_targets)
	says_rest || return 1
	sleep 0.2 # between the looks
	says_rest && [ "$before" = "$(all_targets)" ]
}

must_rest() {
	must_wait_for "${1:-30}" is_at_rest
}

# all_targets: "domid target" of all domains but 0, as xenstore has them.
all_targets() {
	local domid
	for domid in $(xenstore-list /local/domain | sort -n); do
		[ "$domid" -ne 0 ] || continue
		printf '%s %s\n' "$domid" \
			"$(xenstore-read "/local/domain/$domid/memory/target")"
	done
}

# Every guest up and balanced between MIN and MAX MiB:
# start_guests MEM_MIB MIN_MIB MAX_MIB NAME:TYPE...
start_guests() {
	local mem=$1 min=$2 max=$3 guest
	shift 3
	for guest in "$@"; do
		guest_create "${guest%:*}" "${guest#*:}" "$mem" "$max" \
			|| fail "$guest does not start"
	done
	for guest in "$@"; do
		guest_wait_up "${guest%:*}" 60
		set_range "${guest%:*}" "$min" "$max"
	done
}

# check_rules: what must hold at any instant, as Xen and xenstore show it:
# every target in its range, free memory above the reserve less SLACK_KIB.
check_rules() {
	local domid dir target min max
	for domid in $(xenstore-list /local/domain | sort -n); do
		[ "$domid" -ne 0 ] || continue
		dir=/local/domain/$domid/memory
		target=$(xenstore-read "$dir/target") || continue
		min=$(xenstore-read "$dir/dynamic-min" 2>/dev/null) || continue
		max=$(xenstore-read "$dir/dynamic-max" 2>/dev/null) || continue
		assert_ge "$target" "$min" "G1: target of dom $domid"
		assert_le "$target" "$max" "G1: target of dom $domid"
	done
	assert_ge "$(host_free_kib)" "$((lab_reserve_kib - 1024))" \
		"G2: free memory of the host"
}

# The default host-reserve.
lab_reserve_kib=$((72 * 1024))

# finish: the end of every test.
finish() {
	check_accounting
	check_rules
	balancerd_stop || fail "balancerd did not end well:
$(balancerd_log | tail -n 20)"
	if grep -E 'was not safe|Sanitizer|assert' /share/balancerd.log; then
		fail "the log has complaints"
	fi
}
