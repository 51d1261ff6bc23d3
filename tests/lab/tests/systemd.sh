#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: under systemd, in Debian's own dom0: the units are sound; balancerd starts
#      by Type=notify, reloads, tells the journal what it does, is killed by the
#      watchdog when it hangs and comes back with all it knew; confined as it is,
#      it attaches remote swap by way of balancerd-swap@.service, also over a
#      restart, and cannot without; the lender is a service.
# lab: --init systemd --mem 1408 --dom0-mem 640 --timeout 600
# shellcheck source=/dev/null
. /lab/rswap.sh

# Where the daemon may not write; and a loop device on an overlay has errors.
rswap_dir=/run/swap
legs=legs=nbd:127.0.0.1:10809:x
unit_dir=$(dirname "$(systemctl show -P FragmentPath balancerd)")

# shown UNIT PROPERTY
shown() {
	systemctl show -P "$2" "$1"
}

shown_is() {
	[ "$(shown "$1" "$2")" = "$3" ]
}

# configure HOST_RESERVE
configure() {
	mkdir -p /etc/balancerd
	printf '[host]\nhost-reserve = %s\n[swap]\ndirectory = %s\n' "$1" \
		"$rswap_dir" >/etc/balancerd/balancerd.conf
}

# told REGEX: does the daemon's journal have such a line?
told() {
	journalctl -u balancerd -o cat --no-pager | grep -qE -- "$1"
}

volume() {
	balancerctl vm-swap-list --minimal "params=$1"
}

volume_is() {
	[ "$(volume "$1")" = "$2" ]
}

volume_goes() {
	[[ $(volume state) =~ ^(withdrawing|detaching)$ ]]
}

no_volume() {
	[ -z "$(balancerctl vm-swap-list)" ]
}

is_another_daemon() {
	[ "$(shown balancerd NRestarts)" = 1 ] && lab_daemon_answers
}

# The next daemon finds the volume.
has_gone() { # PID
	! kill -0 "$1" 2>/dev/null
}

is_found_again() {
	wait_for 90 volume_is state attached || fail "$(balancerctl vm-swap-list)
$(journalctl --no-pager -n 30 -u 'balancerd*')"
}

# --- the units
out=$(systemd-analyze verify --man=no "$unit_dir/balancerd.service" \
	"$unit_dir/balancerd-lender.service" "$unit_dir/balancer-agent.service" \
	"$unit_dir/balancerd-swap.socket" "$unit_dir/balancerd-swap@.service" 2>&1) \
	|| fail "systemd-analyze verify: $out"
assert_eq "$out" '' "what systemd-analyze verify says"
for unit in balancerd balancerd-lender balancer-agent balancerd-swap@x; do
	systemd-analyze security --no-pager "$unit.service" | grep -a Overall \
		|| fail "no score of $unit"
done

# --- start and reload
mkdir -p /run/systemd/system/balancerd.service.d
printf '[Service]\nWatchdogSec=10s\n' \
	>/run/systemd/system/balancerd.service.d/watchdog.conf
systemctl daemon-reload
begin=$(now_ms)
systemctl start balancerd || fail "balancerd does not start"
say "started in $(($(now_ms) - begin)) ms"
shown_is balancerd ActiveState active || fail "balancerd is not active"
balancerctl host-memory-show >/dev/null || fail "active, but it does not answer"
must_wait_for 10 told '^balancerd .* is ready at '
configure 24MiB
systemctl reload balancerd || fail "not reloaded"
balancerctl balancer-config-show | grep -qE 'host-reserve *= *(24MiB|24576KiB)' \
	|| fail "the new configuration is not in force: $(balancerctl balancer-config-show)"
configure no
assert_fails systemctl reload balancerd 2>/dev/null
configure 24MiB
shown_is balancerd ActiveState active || fail "a bad configuration has ended it"

# --- remote swap, which the daemon may not make itself
guest_create one pv 96 96 || fail "one does not start"
guest_wait_up one 60
lend 10809 48
begin=$(now_ms)
balancerctl vm-swap-attach vm=one size=48MiB $legs || fail "not attached: \
$(journalctl --no-pager -n 30)"
say "attached $(($(now_ms) - begin)) ms after it was asked for"
must_wait_for 30 volume_is guest on
rswap_volume=$(volume volume)
load_until_swapped one 60 10 4096
systemctl restart balancerd || fail "not restarted"
is_found_again
assert_eq "$(volume volume)" "$rswap_volume" "the volume"
assert_match "$(volume legs)" "file:$rswap_dir" "the leg on this host"

# --- it hangs
balancerctl vm-memory-dynamic-range-set vm=one min=90MiB max=96MiB \
	|| fail "no range"
id=$(balancerctl memory-reserve size=16MiB key=k ttl=3600 --minimal) || fail "no reservation"
pid=$(shown balancerd MainPID)
begin=$(now_ms)
kill -STOP "$pid"
must_wait_for 90 is_another_daemon
say "hung, and back after $(($(now_ms) - begin)) ms"
assert_ne "$(shown balancerd MainPID)" "$pid" "the daemon"
told 'Watchdog timeout' || fail "the journal does not tell of the watchdog"
balancerctl memory-reservation-list --minimal | grep -qw "$id" \
	|| fail "reservation $id is lost"
assert_eq "$(guest_key one memory/dynamic-min)" $((90 * 1024)) "its minimum"
is_found_again
guest_unload one 200 || fail "the guest lost a page"
no_io_errors one

# --- taken away, restarted in the middle
balancerctl vm-swap-detach vm=one >/dev/null 2>&1 &
detach=$!
must_wait_for 30 volume_goes
systemctl restart balancerd
wait "$detach"
must_wait_for 60 no_volume
nothing_left
systemctl stop balancerd-swap.socket
out=$(balancerctl vm-swap-attach vm=one size=48MiB $legs 2>&1) \
	&& fail "the daemon can make devices: it is not confined"
say "confined: ${out//$'\n'/ }"
systemctl start balancerd-swap.socket

# --- the lender, where the test's own was
lender=$(cat /run/lender.10809)
kill "$lender"
must_wait_for 20 has_gone "$lender"
systemctl start balancerd-lender || fail "the lender does not start"
must_wait_for 20 test -S /run/balancerd/lendmem.sock
systemctl restart balancerd
shown_is balancerd-lender ActiveState active || fail "the lender does not live on"
assert_eq "$(shown balancerd-lender NRestarts)" 0 "how often it began again"
systemctl stop balancerd-lender

# --- the end
systemctl stop balancerd || fail "it does not stop"
assert_eq "$(shown balancerd Result)" success "its end"
assert_eq "$(systemctl list-units --failed --no-legend)" '' "units that failed"
journalctl -u balancerd -o cat --no-pager >/share/journal
assert_fails grep -E '^<[0-9]>' /share/journal
grep -E 'dom [0-9]+' /share/journal | head -n 3
say "done"
