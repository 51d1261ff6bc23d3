# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For lab tests of remote swap: . /lab/rswap.sh
# shellcheck source=/dev/null
. /lab/lib.sh

# Where make install puts the programs that balancerd starts.
PATH=$PATH:/usr/local/libexec/balancerd:/usr/libexec/balancerd

rswap_volume=8a1cf00d-1111-4222-8333-444455556666
rswap_dir=/tmp/swap
mkdir -p "$rswap_dir"

# rswap_dir_on_disk MIB: it is a file system that sets room apart without filling
# it, as those on disks do.
rswap_dir_on_disk() {
	modprobe -a crc32c_generic ext4 loop \
		&& truncate -s "$1M" /tmp/rswap-disk \
		&& /sbin/mke2fs -q -t ext4 /tmp/rswap-disk \
		&& mount -t ext4 -o loop /tmp/rswap-disk "$rswap_dir" \
		|| fail "no file system for $rswap_dir"
}

# lend PORT MIB: a lender on this host; its pid is in /run/lender.PORT.
lend() {
	nbdkit -i 127.0.0.1 -p "$1" -P "/run/lender.$1" memory "${2}M" \
		|| fail "no lender on port $1"
}

# signal_lender SIGNAL PORT
signal_lender() {
	kill "-$1" "$(cat "/run/lender.$2")" || fail "there is no lender on $2"
}

# rswap COMMAND [KEY=VALUE]...: on the volume; its answer in $answer, and its
# exit code.
rswap() {
	local command=$1 rc=0
	shift
	answer=$(rswap-attach "$command" volume=$rswap_volume "$@") || rc=$?
	return "$rc"
}

# must_rswap COMMAND [KEY=VALUE]...
must_rswap() {
	rswap "$@" || fail "$*: $answer"
}

# must_refuse CODE COMMAND [KEY=VALUE]...
must_refuse() {
	local code=$1
	shift
	if rswap "$@"; then
		fail "not refused: $*: $answer"
	fi
	assert_eq "$(jpick error <<<"$answer")" "$code" "the error of $* ($answer)"
	say "refused: $(jpick message <<<"$answer")"
}

# status FIELD: of the volume, as of now; legs by their index.
status() {
	must_rswap status
	jpick "$1" <<<"$answer"
}

status_is() {
	[ "$(status "$1")" = "$2" ]
}

# leg_state LEG
leg_state() {
	must_rswap status
	jpick "legs[leg=$1].state" <<<"$answer"
}

leg_is() {
	[ "$(leg_state "$1")" = "$2" ]
}

# attach_to GUEST MIB LEG...: until the guest swaps to it.
attach_to() {
	local guest=$1 mib=$2 leg legs=()
	shift 2
	for leg in "$@"; do
		legs+=("leg=$leg")
	done
	must_rswap attach "domid=$(domid_of "$guest")" "size=${mib}MiB" "${legs[@]}"
	must_wait_for 30 status_is guest_state on
}

# nothing_left: no device, no file, no key of any volume; loop devices of others
# are theirs.
nothing_left() {
	local left
	left=$(
		losetup -a | grep -F "($rswap_dir/"
		grep -s '^md' /proc/mdstat
		grep -H . /sys/block/nbd*/backend 2>/dev/null
		find /dev -name 'md*' -not -type d
		find "$rswap_dir" /run/balancerd -name 'rswap-*' 2>/dev/null
		xenstore-ls -f /local/domain | grep -E '/(balancer|data/balancer)/swap/'
	)
	[ -z "$left" ] || fail "something is left: $left"
}

# swapped_kib GUEST: what it has on the volume, as its kernel says.
swapped_kib() {
	guest_run "$1" "awk '/xvdp/ { print \$4 }' /proc/swaps"
}

swapped_over() {
	local kib
	kib=$(swapped_kib "$1") && [ -n "$kib" ] && [ "$kib" -gt "$2" ]
}

# load_until_swapped GUEST MIB RATE KIB: a workload of that size, until that
# much of it is on the volume and all was written once.
load_until_swapped() {
	guest_load "$1" "$2" "$3" || fail "no workload"
	wait_for 180 guest_load_filled "$1" || fail "the workload in $1 does not fill:
$(guest_run "$1" 'cat /run/load /run/load.log /proc/swaps; free
		dmesg | tail -n 30')
$(cat /proc/mdstat)"
	must_wait_for 60 swapped_over "$1" "$4"
}

# no_io_errors GUEST: the guest's kernel has seen none.
no_io_errors() {
	local errors
	errors=$(guest_run "$1" 'dmesg | grep -iE "i/o error|read-error|write-error"')
	[ -z "$errors" ] || fail "$1 has seen errors: $errors"
}

# --- volumes as balancerd leads them ----------------------------------------

kill_balancerd() {
	kill -KILL "$balancerd_pid"
	wait "$balancerd_pid" 2>/dev/null
	balancerd_pid=''
}

# volume FIELD: of the one volume, as balancerctl lists it.
volume() {
	balancerctl vm-swap-list --minimal "params=$1"
}

volume_is() {
	[ "$(volume "$1")" = "$2" ]
}

volume_matches() {
	[[ $(volume "$1") =~ $2 ]]
}

no_volume() {
	[ -z "$(balancerctl vm-swap-list)" ]
}

# n_events KIND
n_events() {
	balancerctl event-list "kind=$1" params=id --minimal | tr ',' '\n' \
		| grep -c . || true
}

has_event() {
	[ "$(n_events "$1")" -ge 1 ]
}

# as_listed: rswap_volume is that of the list, for status() and others.
as_listed() {
	rswap_volume=$(volume volume)
}
