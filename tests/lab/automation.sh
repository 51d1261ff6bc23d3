# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Requests for memory through xenstore alone: . /lab/automation.sh
# shellcheck source=/dev/null
. /lab/balance.sh

reserve_dir=/balancer/reserve
# example NAME: its path.
example() {
	find /usr -path "*/xen-balancer/examples/$1"
}

# ask NAME WORDS
ask() {
	xenstore-write "$reserve_dir/$1" "$2" || fail "cannot ask for $1"
}

take_back() {
	xenstore-rm "$reserve_dir/$1" || fail "cannot take $1 back"
}

# answer NAME [KEY]
answer() {
	xenstore-read "$reserve_dir/$1/${2:-state}" 2>/dev/null
}

# is_answered NAME WORD: begins with that word, and is for what was asked.
is_answered() {
	[[ $(answer "$1") == "$2"* ]] &&
		[ "$(answer "$1" request)" = "$(xenstore-read "$reserve_dir/$1")" ]
}

# reservations_are N: as xenstore has them.
reservations_are() {
	[ "$(xenstore-list /balancer/reservation 2>/dev/null | wc -l)" -eq "$1" ]
}

status() {
	xenstore-read "/balancer/$1" 2>/dev/null
}

status_is() {
	[ "$(status "$1")" = "$2" ]
}

# status_near PATH KIB: give or take what is too little to be published.
status_near() {
	local kib
	kib=$(status "$1") || return 1
	[ "$kib" -ge "$(($2 - 1024))" ] && [ "$kib" -le "$(($2 + 1024))" ]
}

# How much more than is free: size_kib MIB
size_kib() {
	echo "$(($(host_field free_kib) + $1 * 1024))"
}

# A request's life, from the first word to the last.
story_of_a_request() {
	local size
	size=$(size_kib 100)
	xenstore-watch "$reserve_dir/web/state" >/tmp/watched &
	local watcher=$!
	ask web "size=$size ttl=10m"
	must_wait_for 30 is_answered web "granted $size"
	assert_ge "$(host_free_kib)" $((size + lab_reserve_kib - 1024)) \
		"free memory when granted"
	assert_ge "$(wc -l </tmp/watched)" 2 "events for a watcher"
	assert_eq "$(balancerctl memory-reservation-list --json \
		| jpick 'reservations[owner=xenstore].id')" \
		"$(answer web id)" "the id"
	check_rules
	take_back web
	must_wait_for 10 reservations_are 0
	kill "$watcher"
	assert_fails xenstore-read "$reserve_dir/web"

	ask short "size=16MiB ttl=2s"
	must_wait_for 10 is_answered short 'granted 16384'
	must_wait_for 10 is_answered short 'ended its time to live has passed'
	must_wait_for 5 reservations_are 0
	ask short "size=16MiB ttl=2s"
	must_wait_for 10 is_answered short 'granted 16384'
	take_back short
	must_rest
}

story_of_refusals() {
	local before
	before=$(all_targets)
	ask huge size=100GiB
	must_wait_for 10 is_answered huge 'refused '
	assert_match "$(answer huge)" '104857600 KiB are needed' "the reason"
	ask odd "size=many"
	must_wait_for 10 is_answered odd "refused Failed to parse field 'size'"
	ask odd "size=4MiB ttl=100d"
	must_wait_for 10 is_answered odd 'refused a time to live is'
	assert_eq "$(all_targets)" "$before" "targets after refusals"
	take_back huge
	take_back odd
	reservations_are 0 || fail "a refused request has a reservation"
}

# The daemon dies while it squeezes, and while it is down others write.
story_of_a_crash() {
	local size
	size=$(size_kib 100)
	ask web "size=$size"
	must_wait_for 10 is_answered web pending
	balancerd_stop KILL
	balancerd_start
	must_wait_for 30 is_answered web "granted $size"
	reservations_are 1 || fail "not one reservation after the crash"
	balancerd_stop KILL
	take_back web
	ask late size=4MiB
	balancerd_start
	must_wait_for 10 is_answered late "granted 4096"
	must_wait_for 10 reservations_are 1
	balancerd_stop || fail "balancerd did not end well"
	status_is daemon/state stopped || fail "still said to be running"
	take_back late
	balancerd_start
	must_wait_for 10 reservations_are 0
	must_rest
}

# The script says which domain the memory was for.
story_of_a_domain() {
	local file domid
	ask new size=104MiB
	must_wait_for 30 is_answered new granted
	file=$(guest_config new pv 96 96)
	xl create -q -p "$file" || fail "no domain although it was granted"
	domid=$(domid_of new)
	xenstore-write "$reserve_dir/new/domid" 4711
	must_wait_for 10 has_trouble new 'there is no domain 4711'
	xenstore-write "$reserve_dir/new/domid" "$domid"
	must_wait_for 10 is_transferred
	assert_fails answer new error
	guest_destroy new
	must_wait_for 20 is_answered new 'ended its domain has ended'
	take_back new
	must_rest
}

has_trouble() {
	[ "$(answer "$1" error)" = "$2" ]
}

is_transferred() {
	[ "$(balancerctl memory-reservation-list --json \
		| jpick 'reservations[owner=xenstore].is_transferred')" = true ]
}

# Another client changes the same nodes all the time, also within our
# transactions: in the end the answer is to the last of its words.
story_of_conflicts() {
	local dir before
	dir=/local/domain/$(domid_of one)/memory
	before=$(xenstore-read "$dir/dynamic-max")
	ask loop size=4
	must_wait_for 10 is_answered loop granted
	flood 0 5 "$reserve_dir/loop" "$reserve_dir/loop/domid" \
		"$dir/dynamic-max" "$dir/x" >/tmp/flood || fail "no flood"
	cat /tmp/flood
	must_wait_for 15 is_settled loop
	xenstore-write "$dir/dynamic-max" "$before"
	must_wait_for 10 no_error one
	ask loop size=8MiB
	must_wait_for 15 is_answered loop 'granted 8192'
	reservations_are 1 || fail "a request was doubled"
	take_back loop
	must_wait_for 10 reservations_are 0
	must_rest
}

# is_settled NAME: it is decided.
is_settled() {
	is_answered "$1" granted || is_answered "$1" refused
}

no_error() {
	! status "domain/$(domid_of "$1")/error"
}

# What is published is what is, and guests do not see it.
story_of_the_status() {
	local domid
	domid=$(domid_of one)
	status_is daemon/state running || fail "the daemon is not said to run"
	status_is daemon/pid "$balancerd_pid" || fail "another pid"
	must_wait_for 10 status_is host/state ok
	must_wait_for 10 status_near host/total "$(host_total_kib)"
	must_wait_for 10 status_near host/free "$(host_field free_kib)"
	must_wait_for 10 status_is "domain/$domid/state" ready
	must_wait_for 10 status_near "domain/$domid/actual" "$(tot_kib one)"
	must_wait_for 10 status_near "domain/$domid/target" "$(target_kib one)"
	assert_eq "/vm/$(status "domain/$domid/uuid")" "$(guest_key one vm)" uuid
	assert_fails guest_run one xenstore-read /balancer/host/free
	assert_fails guest_run one xenstore-ls /balancer
	assert_fails guest_run one \
		xenstore-write "/balancer/domain/$domid/state" stuck
	assert_fails guest_run one xenstore-write "$reserve_dir/mine" size=4
}

# All of them, from the daemon's start to its end.
whole_story() {
	balancerd_start
	start_guests 224 128 320 one:pv two:pvh
	must_rest 60
	story_of_the_status
	story_of_a_request
	story_of_refusals
	story_of_a_domain
	story_of_a_crash
	story_of_conflicts
	finish
}
