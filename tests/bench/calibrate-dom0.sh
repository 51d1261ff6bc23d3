#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: how Linux guests on real Xen behave when memory grows short: what a
#      simulator's guest has to be like. Prints lines "cal SECTION | NAME |
#      VALUE | UNIT | CONDITION".
# shellcheck source=/dev/null
. /lab/measure.sh

settle_s=4
measured_s=8
guest_mib=256
work_mib=96
pages_per_mib=256
full_speed=65536 # MiB/s: no pauses
declare -A a b

cal() { # NAME VALUE UNIT CONDITION
	echo "cal $section | $1 | $2 | $3 | $4"
}

# calc EXPRESSION: with two decimals, four where the number is small.
calc() {
	awk "BEGIN { x = $1; printf(x < 1 && x > -1 ? \"%.4f\" : \"%.2f\", x) }" \
		2>/dev/null || echo "-"
}

# What the counter rose by between the two looks.
rose() {
	echo "$((b[$1] - a[$1]))"
}

set_target() { # NAME MIB
	xenstore-write "/local/domain/$(domid_of "$1")/memory/target" \
		"$(($2 * 1024))"
}

target() { # NAME MIB: and until it is there
	set_target "$1" "$2"
	must_wait_for 120 guest_near "$1" "$(($2 * 1024))"
}

# shrink NAME FROM_MIB TO_MIB S: for so long, perhaps in vain; what was given
# after how many ms goes to shrink_text, what it holds to shrunk_kib.
shrink() {
	local part goal begin
	begin=$(now_ms)
	set_target "$1" "$3"
	shrink_text=''
	for part in 25 50 75 90 100; do
		goal=$(($2 * 1024 - ($2 - $3) * 1024 * part / 100 + 256))
		if wait_for "$(calc "$4 - ($(now_ms) - $begin) / 1000")" \
			is_below "$1" "$goal"; then
			shrink_text+="$part %: $(($(now_ms) - begin)) ms, "
		fi
	done
	shrunk_kib=$(tot_kib "$1")
	shrink_text+="holds $((shrunk_kib / 1024)) MiB after $(($(now_ms) - begin)) ms"
}

# The same, but the target is written again and again, a page more or less: a
# balloon driver that found no free page sleeps for seconds, and a new target
# wakes it.
shrink_nudged() { # NAME FROM_MIB TO_MIB S
	local i=0
	rm -f /tmp/nudged
	while [ ! -e /tmp/nudged ]; do
		sleep 0.25 # between two targets
		i=$(((i + 4) % 8))
		xenstore-write "/local/domain/$(domid_of "$1")/memory/target" \
			"$(($3 * 1024 - i))"
	done &
	shrink "$@"
	touch /tmp/nudged
	wait $!
}

is_below() { # NAME KIB
	[ "$(tot_kib "$1")" -le "$2" ]
}

# Both looks around the time that is measured.
watch_load() { # NAME
	sleep "$settle_s"
	snap "$1" a || fail "$1 does not answer"
	sleep "$measured_s"
	snap "$1" b || fail "$1 does not answer"
}

load_ends() { # NAME
	guest_run "$1" 'kill -9 $(cat /run/load.pid)
		while kill -0 $(cat /run/load.pid) 2>/dev/null; do usleep 50000; done
		rm -f /run/load.pid /run/load; true'
}

load_begins() { # NAME MIB RATE PATTERN
	guest_load "$@" || fail "no workload in $1"
	must_wait_for 120 guest_load_filled "$1"
}

# --- the emulated processor, and first touch --------------------------------

measure_speed() {
	section=speed
	local line filled elapsed
	line=$(guest_run g 'workload 128 0 /run/grow >/dev/null 2>&1 & pid=$!
		usleep 20000
		while :; do
			now=$(cat /run/grow)
			case $now in *=filling*) last=$now ;; *running*) break ;; esac
			usleep 50000
		done
		kill -9 $pid; echo "$last"')
	[[ $line =~ filled_kib=([0-9]+) ]] && filled=${BASH_REMATCH[1]}
	[[ $line =~ elapsed_ms=([0-9]+) ]] && elapsed=${BASH_REMATCH[1]}
	cal growth "$(calc "$filled / 1.024 / $elapsed")" MiB/s \
		"first touch and fill, memory free"
	load_begins g 64 $full_speed random
	watch_load g
	cal hit "$(calc "$(rose up_ms) * 1000 / $(rose reads)")" us/page \
		"workload reads and verifies a resident page"
	load_ends g
}

# --- balloon ----------------------------------------------------------------

balloon_once() { # NAME FROM_MIB TO_MIB WHAT
	local begin end mib
	begin=$(now_ms)
	target "$1" "$3"
	end=$(now_ms)
	mib=$(($3 > $2 ? $3 - $2 : $2 - $3))
	cal "balloon-$([ "$3" -gt "$2" ] && echo up || echo down)" \
		"$(calc "$mib * 1000 / ($end - $begin)")" MiB/s "$4"
}

measure_balloon() { # NAME TYPE
	section=balloon
	for _ in 1 2 3; do
		balloon_once "$1" $guest_mib 128 "$2, idle, memory free"
		balloon_once "$1" 128 $guest_mib "$2, idle, memory free"
	done
	load_begins "$1" 32 $full_speed random
	for _ in 1 2 3; do
		balloon_once "$1" $guest_mib 144 "$2, busy processor, memory free"
		balloon_once "$1" 144 $guest_mib "$2, busy processor, memory free"
	done
	load_ends "$1"
}

# --- where reclaim begins ---------------------------------------------------

# Fills a file in the guest's tmpfs, which is anonymous memory to the kernel,
# MiB by MiB with a look after each, and tells where what began.
measure_reclaim() { # CACHE_MIB
	section=reclaim
	guest_run g "echo 3 >/proc/sys/vm/drop_caches
		awk '/^Node/ { z = \$4 } /^ +(min|low|high|managed) / { print z, \$1, \$2 }' \
			/proc/zoneinfo | tr '\n' ';'; cat /proc/sys/vm/min_free_kbytes" |
		sed 's/^/zones: /'
	GUEST_RUN_S=200 guest_run g "
		sleep 1000 </dev/xvdc & holds=\$!
		dd if=/dev/xvdc of=/dev/null bs=1M count=$1 2>/dev/null
		mount -t tmpfs -o size=250M grow /mnt 2>/dev/null ||
			{ mkdir -p /mnt; mount -t tmpfs -o size=250M grow /mnt; }
		i=0
		while [ \$i -lt 170 ]; do
			echo step \$i; /run/snap
			dd if=/dev/zero of=/mnt/f bs=1M count=1 seek=\$i 2>/dev/null
			i=\$((i + 1))
		done
		umount /mnt; kill \$holds" >"/share/reclaim-$1"
	awk -F= -v cache="$1" -v total="$guest_mib" '
	function begin(what) {
		if (what in seen || v[what] == first[what])
			return
		seen[what] = 1
		printf "cal reclaim | %s-begins | %.1f/%.1f/%.1f | MiB free/available/cache | %d MiB of cache at first, %d MiB guest, grows slowly, step %d\n",
			what, old["MemFree"] / 1024, old["MemAvailable"] / 1024,
			(old["Activefile"] + old["Inactivefile"]) / 1024, cache, total, step
	}
	/^step/ { split($0, w, " "); step = w[2]; next }
	{ old[$1] = v[$1]; v[$1] = $2 }
	$1 == "full_us" {
		if (!started) { started = 1; for (k in v) first[k] = v[k] }
		begin("pgscan_kswapd"); begin("pgscan_direct"); begin("pswpout")
		begin("workingset_refault_anon"); begin("pswpin")
		if (v["some_us"] - first["some_us"] > 1000) begin("some_us")
		if (least == "" || v["MemAvailable"] < least) least = v["MemAvailable"]
		if (leastfree == "" || v["MemFree"] < leastfree) leastfree = v["MemFree"]
	}
	END {
		printf "cal reclaim | least | %.1f/%.1f | MiB free/available | the same, %d pages swapped out, stall %d ms, direct scans %d\n",
			leastfree / 1024, least / 1024, v["pswpout"] - first["pswpout"],
			(v["some_us"] - first["some_us"]) / 1000,
			v["pgscan_direct"] - first["pgscan_direct"]
	}' "/share/reclaim-$1"
}

# --- cache or programs? -----------------------------------------------------

file_kib() { # ARRAY
	local -n of=$1
	echo "$((of[Activefile] + of[Inactivefile]))"
}

# 64 MiB of cache and 96 MiB of anonymous memory, both cold; 64 MiB go.
measure_split() { # SWAPPINESS
	section="split"
	target g $guest_mib
	guest_run g "echo 3 >/proc/sys/vm/drop_caches
		echo $1 >/proc/sys/vm/swappiness"
	load_begins g $work_mib 0 random
	# Closed by everyone, a device loses its cache.
	guest_run g 'sleep 1000 </dev/xvdc & echo $! >/run/holds.pid
		cat /dev/xvdc >/dev/null; cat /dev/xvdc >/dev/null'
	snap g a
	shrink g $guest_mib 140 60
	snap g b
	cal given "$shrink_text" - "256 to 140 MiB, swappiness $1"
	cal from-cache "$(calc "($(file_kib a) - $(file_kib b)) / 1024")" MiB \
		"116 MiB taken, free before $((a[MemFree] / 1024)) after $((b[MemFree] / 1024)), cache before $(($(file_kib a) / 1024)), swappiness $1"
	cal swapped-out "$(calc "$(rose pswpout) / $pages_per_mib")" MiB \
		"the same"
	load_ends g
	guest_run g 'kill $(cat /run/holds.pid); echo 60 >/proc/sys/vm/swappiness
		echo 3 >/proc/sys/vm/drop_caches'
}

# --- what is cold goes, and comes back --------------------------------------

measure_cold() { # SHRINK DEVICE_WORDS
	section=cold
	local way=$1
	shift
	target g $guest_mib
	load_begins g 128 0 random
	snap g a
	"$way" g $guest_mib 144 60
	snap g b
	cal given "$shrink_text" - "256 to 144 MiB, of which 128 MiB are cold, $1"
	cal swap-out "$(calc "$(rose pswpout) * 1000 / $(rose up_ms)")" \
		pages/s "idle guest, $1, balloon asks for 112 MiB, $(rose pswpout) pages; stall $(($(rose some_us) / 1000)) ms"
	target g $guest_mib
	snap g a
	GUEST_RUN_S=200 guest_unload g 200 >/dev/null || fail "lost a page"
	snap g b
	cal swap-in-wake "$(calc "$(rose pswpin) * 1000 / $(rose up_ms)")" pages/s \
		"sequential read of all after memory came back, $1, $(rose pswpin) pages; stall $(($(rose some_us) / 1000)) ms"
	guest_run g 'rm -f /run/load.pid /run/load'
}

# --- swapping all the time --------------------------------------------------

rates() { # CONDITION
	local s
	s=$(calc "$(rose up_ms) / 1000")
	cal swap-in "$(calc "$(rose pswpin) / $s")" pages/s "$1"
	cal swap-out "$(calc "$(rose pswpout) / $s")" pages/s "$1"
	cal major-faults "$(calc "$(rose pgmajfault) / $s")" 1/s "$1"
	cal reads "$(calc "$(rose reads) / $s")" pages/s "$1"
	cal stall-some "$(calc "$(rose some_us) / ($(rose up_ms) * 10)")" % "$1"
	cal stall-full "$(calc "$(rose full_us) / ($(rose up_ms) * 10)")" % "$1"
	cal io-some "$(calc "$(rose io_some_us) / ($(rose up_ms) * 10)")" % "$1"
	cal idle-waiting "$(calc "$(rose iowait_ms) * 100 / $(rose up_ms)")" % "$1"
	cal processor "$(calc "$(rose busy_ms) * 100 / $(rose up_ms)")" % \
		"$1, and $(calc "$(rose steal_ms) * 100 / $(rose up_ms)") % steal"
	cal stall-per-page "$(calc "$(rose some_us) / $(rose pswpin)")" us "$1"
	cal stall-per-fault "$(calc "$(rose some_us) / $(rose pgmajfault)")" us "$1"
}

measure_device() { # DEVICE_WORDS
	section=device
	local pattern cluster
	for pattern in random sequential; do
		for cluster in 0 3; do
			# At random there is nothing to read ahead.
			[ "$pattern$cluster" != random0 ] || continue
			target g $guest_mib
			guest_run g "echo $cluster >/proc/sys/vm/page-cluster"
			target g 134
			load_begins g $work_mib $full_speed $pattern
			watch_load g
			rates "$1, $pattern, page-cluster $cluster, resident $(calc "${b[rss_kib]} / 1024 / $work_mib")"
			target g $guest_mib
			load_ends g
		done
	done
	guest_run g 'echo 3 >/proc/sys/vm/page-cluster'
}

# From little memory to much: that is fast, the other way is not.
measure_curve() { # PATTERN
	section=curve
	local mib
	target g 100
	load_begins g $work_mib $full_speed "$1"
	for mib in 100 108 116 124 132 140 148 156 164 172 180 200; do
		target g $mib
		watch_load g
		cal "$1" "$mib $(calc "${b[rss_kib]} / 1024 / $work_mib") $(calc "$(rose pgmajfault) / $(rose reads)") $(calc "$(rose pswpin) / $(rose reads)") $(calc "$(rose reads) * 1000 / $(rose up_ms)") $(calc "$(rose some_us) / ($(rose up_ms) * 10)") $(calc "$(rose io_some_us) / ($(rose up_ms) * 10)") $((b[MemAvailable] / 1024))" \
			"MiB, resident, faults/read, pages/read, reads/s, some %, io some %, MiB available" \
			"$work_mib MiB working set"
	done
	target g $guest_mib
	load_ends g
}

disk_make ram 256
ram=$disk_path
disk_make cache 64
cache=$disk_path
disk_make tick 256 4
tick=$disk_path
disk_make slow 256 12
slow=$disk_path
guest_create g pv $guest_mib $guest_mib noagent \
	"disk = [ $(disk_for "$ram" xvdb w), $(disk_for "$cache" xvdc r), $(disk_for "$tick" xvdd w), $(disk_for "$slow" xvde w) ]" \
	|| fail "g does not start"
guest_create h pvh $guest_mib $guest_mib noagent || fail "h does not start"
guest_wait_up g 60
guest_wait_up h 60
snap_prepare g

for part in ${1:-speed balloon reclaim curve cold device split}; do
	case $part in
	speed) measure_speed ;;
	balloon)
		measure_balloon g PV
		measure_balloon h PVH
		;;
	reclaim)
		swap_on g xvdb
		measure_reclaim 0
		measure_reclaim 64
		;;
	curve)
		swap_on g xvdb
		measure_curve random
		measure_curve sequential
		;;
	cold)
		for device in xvdb:RAM xvdd:'4 ms' xvde:'12 ms'; do
			swap_on g "${device%%:*}"
			measure_cold shrink "${device#*:}"
			measure_cold shrink_nudged "${device#*:}, target written 4 times a second"
		done
		;;
	device)
		for device in xvdb:RAM xvdd:'4 ms'; do
			swap_on g "${device%%:*}"
			measure_device "${device#*:}"
			target g $guest_mib
		done
		;;
	split)
		swap_on g xvdb
		for swappiness in 60 200 10; do
			measure_split $swappiness
		done
		;;
	esac
done
