# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Two guests that take turns with what does not fit into half of the memory
# that they share: . /lab/turns.sh
# shellcheck source=/dev/null
. /lab/measure.sh

turn_guests="left right"
turn_room_kib=$((320 * 1024)) # what the two share
turn_max_mib=256
turn_min_mib=96
declare -A turn_before turn_after turn_took_ms

# turn_prepare [READ_MS]: both up, with swap of twice their memory whose reads take
# so long, and half of the room each; what is free now is what stays free.
turn_prepare() {
	local guest
	for guest in $turn_guests; do
		disk_make_slow "swap-$guest" $((turn_max_mib * 2)) "${1:-0}"
		guest_create "$guest" pv $((turn_room_kib / 2048)) $turn_max_mib \
			"disk = [ $(disk_for "$disk_path" xvdb w) ]" \
			|| fail "$guest does not start"
	done
	for guest in $turn_guests; do
		guest_wait_up "$guest" 60
		snap_prepare "$guest"
		swap_on "$guest" xvdb
	done
	turn_reserve_kib=$(host_free_kib)
}

# turn_fill MIB [PATTERN]: each has filled so much, one after the other, and does
# nothing.
turn_fill() {
	local guest
	for guest in $turn_guests; do
		guest_load "$guest" "$1" 65536 "${2:-random}" || fail "no workload in $guest"
		must_wait_for 300 guest_load_filled "$guest"
		turn_rest "$guest"
	done
}

turn_has_half() { # NAME: a balloon driver that sleeps is woken up
	guest_near "$1" $((turn_room_kib / 2)) && return
	xenstore-write "/local/domain/$(domid_of "$1")/memory/target" \
		$((turn_room_kib / 2 - EPOCHSECONDS % 2 * 4))
	return 1
}

# turn_halves: the guests have half of the room each.
turn_halves() {
	local guest
	for guest in $turn_guests; do
		# The last daemon may have left it a ceiling.
		xl mem-max "$guest" $turn_max_mib || fail "no ceiling for $guest"
	done
	for guest in $turn_guests; do
		must_wait_for 120 turn_has_half "$guest"
	done
}

# turn_warm READS: without a daemon both have had half of the room and read so
# much there, whatever the last run left them.
turn_warm() {
	local guest turn_ms turn_given_kib
	turn_halves
	for guest in $turn_guests; do
		turn_go "$guest"
		turn_watch "$guest" "$1" 120
		turn_rest "$guest"
	done
}

# turn_engine NAME: a daemon that knows nothing yet, with this engine.
turn_engine() {
	local guest
	turn_halves
	printf '[host]\nhost-reserve = %sKiB\n[policy]\nengine = %s\n' \
		"$turn_reserve_kib" "$1" >/tmp/turns.conf
	balancerd_start --config /tmp/turns.conf
	for guest in $turn_guests; do
		set_range "$guest" $turn_min_mib $turn_max_mib
	done
}

turn_go() { # NAME
	guest_run "$1" 'kill -CONT $(cat /run/load.pid)' || fail "$1 does not go on"
}

# turn_rest NAME: its workload keeps what it has and does nothing.
turn_rest() {
	guest_run "$1" 'kill -STOP $(cat /run/load.pid)' || fail "$1 does not stop"
}

# turn_events: what the daemon did to targets, and whom it saw thrash:
# "MS DOMID target OLD NEW" and "MS DOMID state STATE".
turn_events() {
	balancerctl event-list kind=target-changed,state-changed --json >/tmp/events
	jq -r '.. | objects | select(.kind == "target-changed" or
		.new_state == "thrashing" or .new_state == "calm")
		| "\(.time) \(.domid) " + if .kind == "target-changed"
		then "target \(.old_kib) \(.new_kib)" else "state \(.new_state)" end' /tmp/events
}

# turn_taken: of turn_events, the KiB that were taken from guests while they
# were seen to thrash, and how often; a change in the same tick in which it
# calmed down was made by one who knew.
turn_taken() {
	awk '
	function ms(time,  part) {
		split(substr(time, 12, 12), part, ":")
		return ((part[1] * 60 + part[2]) * 60 + part[3]) * 1000
	}
	{ line[NR] = $0 }
	END {
		for (i = 1; i <= NR; i++) {
			n = split(line[i], w, " ")
			if (w[3] == "state") { bad[w[2]] = (w[4] == "thrashing"); continue }
			if (!bad[w[2]] || w[5] >= w[4])
				continue
			for (k = i + 1; k <= NR && k < i + 8; k++) {
				split(line[k], v, " ")
				if (ms(v[1]) - ms(w[1]) < 100 && v[2] == w[2] && v[4] == "calm")
					break
			}
			if (k <= NR && k < i + 8)
				continue
			taken += w[4] - w[5]; times++
		}
		print taken + 0, times + 0
	}'
}

# turn_watch NAME READS S: until its workload has read so many pages more, or
# for so long.  What is taken from the guest while it swaps in 1 MiB/s, by its
# agent's word, goes to turn_given_kib.
turn_watch() {
	local begin is target was=0 target_was=0 rises=0 goal
	begin=$(now_ms)
	goal=$(($(guest_load_get "$1" reads) + $2))
	while [ $(($(now_ms) - begin)) -lt $(($3 * 1000)) ]; do
		[ "$(guest_load_get "$1" reads)" -lt "$goal" ] || break
		sleep 1 # between two looks
		[[ $(guest_key "$1" data/balancer/sample) =~ swap-in=([0-9]+) ]] \
			|| continue
		is=${BASH_REMATCH[1]}
		target=$(target_kib "$1")
		if [ "$rises" -gt 1 ] && [ "$target" -lt "$target_was" ]; then
			turn_given_kib=$((turn_given_kib + target_was - target))
		fi
		if [ $((is - was)) -ge 256 ]; then
			rises=$((rises + 1))
		else
			rises=0
		fi
		was=$is target_was=$target
	done
	turn_ms=$((turn_ms + $(now_ms) - begin))
}

# turn_run ENGINE READS S TURNS: so many turns, each until so many pages have been
# read, but of no more than S seconds; prints
# "turns ENGINE GUEST SWAPPED-IN SWAPPED-OUT SOME_MS FULL_MS READS BAD MS" and
# "taken ENGINE KIB TIMES GIVEN_KIB TIMES-SEEN-TO-THRASH TURNS_MS".
turn_run() {
	local guest turn names before_ms
	turn_given_kib=0 turn_ms=0 turn_took_ms=()
	read -ra names <<<"$turn_guests"
	turn_engine "$1"
	for guest in $turn_guests; do
		turn_before=()
		snap "$guest" turn_before || fail "$guest does not answer"
		declare -p turn_before >"/tmp/before-$guest"
	done
	for ((turn = 0; turn < $4; turn++)); do
		guest=${names[turn % 2]}
		turn_go "$guest"
		before_ms=$turn_ms
		turn_watch "$guest" "$2" "$3"
		turn_rest "$guest"
		turn_took_ms[$guest]=$((${turn_took_ms[$guest]:-0} + turn_ms - before_ms))
		say "turn $1 $turn $guest: $(domstat list | tail -n +2 | tr '\n' ';')"
		balancerctl vm-memory-explain "vm=$guest"
	done
	for guest in $turn_guests; do
		snap "$guest" turn_after || fail "$guest does not answer"
		turn_tell "$1" "$guest"
	done
	turn_events >/tmp/turn-events
	cat /tmp/turn-events >>/share/turn-events
	say "taken $1 $(turn_taken </tmp/turn-events) $turn_given_kib" \
		"$(grep -c ' state thrashing' /tmp/turn-events) $turn_ms"
	balancerd_stop || fail "balancerd did not end well"
}

turn_tell() { # ENGINE GUEST
	local -A was
	local key line="turns $1 $2"
	# shellcheck source=/dev/null
	. "/tmp/before-$2"
	for key in pswpin pswpout some_us full_us reads; do
		was[$key]=$((turn_after[$key] - turn_before[$key]))
	done
	line+=" ${was[pswpin]} ${was[pswpout]} $((was[some_us] / 1000))"
	line+=" $((was[full_us] / 1000)) ${was[reads]} ${turn_after[bad]}"
	line+=" ${turn_took_ms[$2]}"
	say "$line"
}
