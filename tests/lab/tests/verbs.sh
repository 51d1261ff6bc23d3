#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: the verbs of xe on real domains: fields by uuid, waiting for a real
#      balloon, limits of one that runs and of one that does not, which it has
#      again when it is started anew.  What is looked ahead for comes true, and
#      all that was decided meanwhile is decided again from its recording.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/balance.sh

one_uuid=0d4a4e5e-5b1c-4d0e-9a55-0123456789ab

field() { # NAME
	balancerctl vm-param-get uuid=$one_uuid "param-name=$1"
}

start_one() {
	guest_create one pvh 192 256 noagent "uuid = \"$one_uuid\"" || fail "one does not start"
	guest_wait_up one 60
}

printf '[log]\nrecord-size = 16MiB\n' >/tmp/balancerd.conf
balancerd_start -f /tmp/balancerd.conf
start_one

# The host, and the domain, by xe's names.
host=$(balancerctl host-list --minimal) || fail "no host"
say "the host is $host"
assert_eq "$(balancerctl host-param-get "uuid=$host" param-name=memory-total)" \
	$(($(host_total_kib) * 1024)) memory-total
assert_eq "$(field name-label)" one name-label
assert_eq "$(field domid)" "$(domid_of one)" domid
assert_eq "$(field memory-static-max)" $((256 << 20)) memory-static-max
assert_match "$(balancerctl vm-param-list uuid=$one_uuid)" \
	'memory-dynamic-min \( RW\)' vm-param-list

# The guest's own word.
guest_run one 'xenstore-write data/meminfo_free 65536' || fail "it cannot write"
free_is_there() {
	[ "$(balancerctl vm-param-get uuid=$one_uuid param-name=memory \
		param-key=free 2>/dev/null)" = $((64 << 20)) ]
}
must_wait_for 15 free_is_there

# A real balloon is waited for.
balancerctl vm-memory-dynamic-range-set vm=one min=128MiB max=192MiB ||
	fail "no range"
must_rest 60

# What a reservation would take, and that it takes just that; why, and the words
# of a refusal.
say "$(balancerctl host-memory-plan)"
spare=$(balancerctl host-memory-plan --json | jpick host.spare_now_kib)
size=$((spare + 16 * 1024))KiB
say "$(balancerctl what-if "size=$size")"
keeps=$(balancerctl what-if "size=$size" --json |
	jpick "contributions[name_label=one].keeps_kib")
assert_within "$keeps" $((176 * 1024)) 2048 "what one would keep"
balancerctl what-if size=8GiB >/tmp/asked 2>&1 && fail "8 GiB can be had"
balancerctl memory-reserve size=8GiB >/tmp/refused 2>&1 && fail "8 GiB are there"
cmp /tmp/asked /tmp/refused || fail "a question is refused in other words"
assert_eq "$(target_kib one)" $((192 * 1024)) "the target, after questions"
id=$(balancerctl memory-reserve "size=$size" --minimal) || fail "it cannot be had"
assert_eq "$(target_kib one)" "$keeps" "the target in the squeeze"
words=$(balancerctl vm-memory-explain vm=one)
say "$words"
assert_match "$words" 'target set by: event [0-9]+ of .*; memory is short'
say "$(balancerctl what-if size=8MiB)"
assert_eq "$(balancerctl what-if size=8MiB --json | jpick is_guess)" false \
	"is its speed not known"
balancerctl memory-release "id=$id" || fail "it is not released"
must_wait_for 30 guest_near one $((192 * 1024))
before=$(now_ms)
balancerctl vm-memory-target-set vm=one target=140MiB || fail "no target"
balancerctl vm-memory-target-wait vm=one timeout=60 || fail "it did not follow"
say "140 MiB after $(($(now_ms) - before)) ms"
guest_near one $((140 * 1024)) || fail "it is not there"
if words=$(balancerctl vm-memory-target-wait vm=Domain-0 timeout=0 2>&1); then
	say "domain 0 is not waited for"
else
	say "$words"
fi

# What a domain was built with stays; xenstore has the rest.
dir=/local/domain/$(domid_of one)/memory
if words=$(balancerctl vm-memory-static-range-set vm=one min=64MiB \
	max=512MiB 2>&1); then
	fail "another static-max was taken"
fi
assert_match "$words" 'actual: running' "the refusal"
balancerctl vm-param-set uuid=$one_uuid memory-static-min=96MiB \
	memory-dynamic-min=112MiB memory-dynamic-max=160MiB || fail "refused"
assert_eq "$(xenstore-read "$dir/static-min")" $((96 * 1024)) static-min
assert_eq "$(xenstore-read "$dir/dynamic-min")" $((112 * 1024)) dynamic-min
assert_eq "$(xenstore-read "$dir/dynamic-max")" $((160 * 1024)) dynamic-max

# A pin holds; then it goes up to what it may have.
balancerctl vm-memory-pin vm=one memory=120MiB || fail "no pin"
balancerctl vm-memory-target-wait vm=one timeout=60 || fail "it did not follow"
guest_near one $((120 * 1024)) || fail "it is not at its pin"
balancerctl vm-memory-unpin vm=one || fail "the pin stays"
must_wait_for 30 guest_near one $((160 * 1024))

# It ends, and is changed.
guest_destroy one
halted() {
	[ "$(field power-state)" = halted ]
}
must_wait_for 20 halted
assert_eq "$(field domid)" -1 domid
assert_eq "$(field name-label)" one name-label
balancerctl vm-memory-dynamic-range-set uuid=$one_uuid min=100MiB max=150MiB ||
	fail "a halted domain cannot be changed"
if words=$(balancerctl vm-memory-explain vm=one 2>&1); then
	fail "a halted domain is explained"
fi
assert_match "$words" 'expected: running' "the refusal"

# It runs again with that.
start_one
in_force() {
	[ "$(field memory-dynamic-max)" = $((150 << 20)) ] &&
		[ "$(field power-state)" = running ]
}
must_wait_for 20 in_force
must_wait_for 60 guest_near one $((150 * 1024))
guest_destroy one
must_wait_for 20 halted
balancerctl vm-forget uuid=$one_uuid || fail "it is not forgotten"
assert_eq "$(balancerctl vm-list uuid=$one_uuid)" "" "what is left"

balancerd_stop

# On another host, from the facts alone.
cp /var/lib/balancerd/decisions /share/decisions
words=$(balancerd --replay /share/decisions) || fail "other decisions: $words"
say "$words"
