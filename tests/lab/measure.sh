# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For scripts that measure guests which swap: . /lab/measure.sh
# shellcheck source=/dev/null
. /lab/balance.sh

export DM_DISABLE_UDEV=1

# disk_make NAME MIB [DELAY_MS]: a disk in dom0's memory, each request to it
# taking that much longer; its path for xl goes to disk_path.  The delay is in
# ticks of dom0's clock, of 4 ms, rounded up.
disk_make() {
	truncate -s "${2}M" "/tmp/$1" || fail "no room for disk $1"
	disk_path=$(losetup -f --show "/tmp/$1") || fail "no loop device"
	[ "${3:-0}" -gt 0 ] || return 0
	dmsetup create "$1" --table "0 $(($2 * 2048)) delay $disk_path 0 $3" \
		|| fail "no delayed disk"
	disk_path=/dev/mapper/$1
}

# disk_make_slow NAME MIB READ_MS: the same, but only reads take longer, as those
# of a turning disk with a cache for writes.
disk_make_slow() {
	disk_make "$1" "$2"
	dmsetup create "$1" --table \
		"0 $(($2 * 2048)) delay $disk_path 0 $3 $disk_path 0 0" \
		|| fail "no slow disk"
	disk_path=/dev/mapper/$1
}

# disk_be_quick NAME: from now on its reads take no longer than its writes.
disk_be_quick() {
	local table
	read -ra table < <(dmsetup table "$1")
	table[5]=0
	dmsetup reload "$1" --table "${table[*]}" && dmsetup resume "$1" \
		|| fail "$1 does not get quick"
}

# disk_for PATH VDEV r|w: the words for xl's list of disks.  The script that
# Xen brings looks for other users of the disk, in so many steps that a machine
# with other work does not end it within the 40 s that libxl allows.
disk_for() {
	cat >/etc/xen/scripts/block-lab <<-"EOF"
		#!/bin/bash
		[ "$1" = add ] || exit 0
		disk=$(xenstore-read "$XENBUS_PATH/params")
		xenstore-write "$XENBUS_PATH/physical-device" \
			"$(stat -L -c %t:%T "$disk")" \
			"$XENBUS_PATH/hotplug-status" connected
	EOF
	chmod +x /etc/xen/scripts/block-lab
	echo "'script=block-lab,vdev=$2,access=$3,target=$1'"
}

# swap_on NAME DEVICE: makes it the guest's only swap.
swap_on() {
	GUEST_RUN_S=120 guest_run "$1" "swapoff -a 2>/dev/null
		while [ ! -b /dev/$2 ]; do usleep 100000; done
		mkswap /dev/$2 >/dev/null && swapon /dev/$2" || fail "no swap in $1"
}

# snap_prepare NAME: puts into the guest what snap needs.
snap_prepare() {
	guest_run "$1" 'cat >/run/snap <<"EOF"
#!/bin/busybox sh
read -r up idle </proc/uptime
rss=$(cut -d " " -f 2 "/proc/$(cat /run/load.pid 2>/dev/null)/statm" 2>/dev/null)
echo "up_ms=${up%.*}${up#*.}0"
echo "rss_kib=$((${rss:-0} * 4))"
tr " " "\n" 2>/dev/null </run/load | grep -E "reads|filled|passes|bad"
exec awk "
FILENAME ~ /stat$/ && FILENAME !~ /vmstat/ {
	if (\$1 == \"cpu\") {
		print \"busy_ms=\" (\$2 + \$3 + \$4 + \$7 + \$8) * 10
		print \"iowait_ms=\" \$6 * 10
		print \"steal_ms=\" \$9 * 10
	}
	next
}
FILENAME ~ /pressure.io/ { sub(/total=/, \"\", \$5); print \"io_\" \$1 \"_us=\" \$5; next }
FILENAME ~ /pressure/ { sub(/total=/, \"\", \$5); print \$1 \"_us=\" \$5; next }
FILENAME ~ /meminfo/ { sub(/:/, \"\", \$1) }
/^(pswpin|pswpout|pgmajfault|allocstall_normal|allocstall_movable) / ||
/^(allocstall_dma32|pgscan_kswapd|pgscan_direct|workingset_refault_[af]) / ||
/^workingset_refault_(anon|file) / ||
/^(Mem(Total|Free|Available)|Cached|Swap(Cached|Total|Free)) / ||
/^(AnonPages|(Active|Inactive).(anon|file).):? / {
	gsub(/[()]/, \"\", \$1); print \$1 \"=\" \$2
}" /proc/vmstat /proc/meminfo \
	/proc/pressure/memory /proc/pressure/io /proc/stat
EOF
chmod +x /run/snap' || fail "cannot prepare $1"
}

# snap NAME ARRAY: the guest's counters, into an associative array; in KiB
# where the kernel says so, up_ms is the guest's clock, some_us and full_us
# are its stalls.
snap() {
	local -n into=$2
	local key value text
	text=$(GUEST_RUN_S=60 guest_run "$1" /run/snap) || return 1
	while IFS='=' read -r key value; do
		# shellcheck disable=SC2034 # it is the caller's
		[ -z "$key" ] || into["$key"]=$value
	done <<<"$text"
}
