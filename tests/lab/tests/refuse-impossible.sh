#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a request that can never be met is refused at once, with who could give
#      what, and nobody's target is touched.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

balancerd_start
start_guests 160 128 384 one:pv two:pvh
must_rest 60
before=$(all_targets)
writes=$(balancerctl balancer-status --json | jpick target_writes)

# took_ms COMMAND...: once.
took_ms() {
	local begin
	begin=$(now_ms)
	"$@" >/tmp/answer 2>&1
	echo "$(($(now_ms) - begin))"
}

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# A process of balancerctl has its price on an emulated processor; what the
# daemon needs for the refusal is what comes on top of it. In turn, so that
# both have the same share of the machine.
client=() refusal=()
for ((i = 0; i < 11; i++)); do
	client+=("$(took_ms balancerctl balancer-status)")
	refusal+=("$(took_ms balancerctl memory-reserve size=4GiB)")
done
client_ms=$(median "${client[@]}")
refusal_ms=$(median "${refusal[@]}")
answer=$(cat /tmp/answer)
say "$answer"
say "refused in $refusal_ms ms; any answer takes the client $client_ms ms"
assert_le "$((refusal_ms - client_ms))" 50 "time to refuse (ms)"
if balancerctl memory-reserve size=4GiB 2>/dev/null; then
	fail "4 GiB were promised"
fi
assert_match "$answer" one "the refusal names who could give what"
assert_match "$answer" two "the refusal names who could give what"
assert_match "$answer" "domain 0 is not managed" "the refusal names dom0"

config=$(guest_config huge pv 4096 4096)
if answer=$(balancerctl vm-start "config=$config" 2>&1); then
	fail "a domain of 4 GiB was started"
fi
say "$answer"
guest_exists huge && fail "huge exists"

assert_eq "$(all_targets)" "$before" "targets"
assert_eq "$(balancerctl balancer-status --json | jpick target_writes)" \
	"$writes" "target writes"
assert_eq "$(xenstore-list /balancer/reservation 2>/dev/null)" "" \
	"reservations in xenstore"
finish
