#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: the same guest with the same program swaps to a disk and then to another
#      host's memory, in the same boot.  Prints a line "rescue SWAP FIGURE ..."
#      for each thing that reread has measured, and what the parts of the way to
#      the other host take.
# shellcheck source=/dev/null
. /lab/rswap.sh
# shellcheck source=/dev/null
. /lab/measure.sh

read -ra sizes <<<"$1"  # in tenths of the memory
read -ra blocks <<<"$2" # in bytes, at one time the memory
seconds=$3              # for each point
swap_mib=$4
guest_mib=96
guest_s=1200 # what one run in the guest may take
port=10809
page=4096
window=32768 # what the kernel reads ahead at most
rswap_dir=/disk

modprobe -a virtio_blk crc32c_generic ext4 nbd || fail "a module is missing"
# One disk, one arm: the guest's swap first, then files.
part() { # NAME FROM_SECTOR SECTORS
	dmsetup create "$1" --table "0 $3 linear /dev/vda $2" \
		|| fail "cannot part the disk"
}
swap_sectors=$((swap_mib * 2048))
part swap 0 $swap_sectors
part files $swap_sectors $(($(cat /sys/block/vda/size) - swap_sectors))
mkdir -p $rswap_dir
mount -t ext4 /dev/mapper/files $rswap_dir || fail "no files on the disk"

guest_create one pv $guest_mib $guest_mib \
	"disk = [ $(disk_for /dev/mapper/swap xvdb w) ]" \
	|| fail "one does not start"
guest_wait_up one 90

# In the paper 0.9 GB of 1 GB could be had by the program.
memory_kib=$(($(guest_free_kib one) * 10 / 9))
mib() { # TENTHS
	echo "$((memory_kib * $1 / 10240))"
}
say "rescue memory_kib $memory_kib"
say "rescue swap_mib $swap_mib"
# Linux gives up the place of what it reads, and writes it again, when more than
# half of a swap area is used.
assert_le "$((memory_kib * 7 / 1024))" "$swap_mib" "seven times the memory (MiB)"

# in_guest SWAP FIGURE ARGUMENT...: reread in the guest.
in_guest() {
	local swap=$1 figure=$2
	shift 2
	GUEST_RUN_S=$guest_s guest_run one "reread $*" >/run/reread \
		|| fail "reread in the guest: $(cat /run/reread)"
	sed "s/^/rescue $swap $figure /" /run/reread
}

# A pass over all first, so that all of it has been written.
by_size() { # SWAP
	local tenths steps=()
	for tenths in "${sizes[@]}"; do
		steps+=("$(mib "$tenths"),sequential,1024,0"
			"$(mib "$tenths"),sequential,1024,$seconds"
			"$(mib "$tenths"),random,1024,$seconds")
	done
	in_guest "$1" size memory "${steps[@]}"
}

by_block() { # SWAP
	local block steps
	steps=("$(mib 10),sequential,1024,0")
	for block in "${blocks[@]}"; do
		steps+=("$(mib 10),sequential,$block,$seconds"
			"$(mib 10),random,$block,$seconds")
	done
	in_guest "$1" block memory "${steps[@]}"
}

# latency SWAP DEVICE: of the device alone, where the guest's pages have been.
latency() {
	in_guest "$1" latency device "$2" "$(mib 30),random,$page,$seconds" \
		"$(mib 30),sequential,$window,$seconds"
}

# way PART DEVICE: the same, seen from here.
way() {
	reread device "$2" "$(mib 30),random,$page,$seconds" \
		"$(mib 30),sequential,$window,$seconds" | sed "s/^/rescue $1 way /"
}

all() { # SWAP DEVICE
	by_size "$1"
	latency "$1" "$2"
	[ ${#blocks[@]} -gt 0 ] || return 0
	by_block "$1"
	latency "$1" "$2"
}

# What a processor of this host takes for what a few system calls do.
speed() {
	local begin
	begin=$(now_ms)
	dd if=/dev/zero of=/dev/null bs=1k count="$1" 2>/dev/null
	say "rescue speed $1 $(($(now_ms) - begin))"
}

swap_on one xvdb
all disk /dev/xvdb
way disk /dev/mapper/swap
guest_run one 'swapoff /dev/xvdb' || fail "no swapoff"

plugin=$(find /usr -name nbdkit-lendmem-plugin.so)
control=/run/balancerd/lendmem.sock
on_host 1 "mkdir -p ${control%/*}
	nbdkit -P /run/lendmem.pid -i 0.0.0.0 -p $port -e '' $plugin \
		memory=$((swap_mib + 8))m
	until [ -S $control ]; do sleep 0.1; done
	ask $control '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"lease-create\",\"params\":{\"size\":\"${swap_mib}m\",\"label\":\"bench\"}}'" \
	>/run/lease || fail "nothing is lent: $(cat /run/lease)"
token=$(grep -o '[0-9a-f]\{32\}' /run/lease) || fail "$(cat /run/lease)"
begin=$(now_ms)
attach_to one "$swap_mib" "nbd:10.9.0.2:$port:$token" "file:$rswap_dir"
say "rescue attach_ms $(($(now_ms) - begin))"

all remote /dev/xvdp
way nbd /dev/nbd0
way mirror "$(jpick device <<<"$answer")"
say "rescue ping $(ping -A -c 300 -q host1 | tail -n 1)"
speed 100000
no_io_errors one
say "rescue done"
