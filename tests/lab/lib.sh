# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For scripts that run in dom0 of a lab host: . /lab/lib.sh
# The lab's README.md lists the functions with examples.

lab_dir=/usr/lib/xen-balancer-lab
lab_run=/run/lab
lab_logs=/var/log/xen/console
# Self tests of the kernel that take a third of its boot under emulation.
lab_skipped="rodata=off cryptomgr.notests initcall_blacklist=crypto_kdf108_init"
lab_skipped+=",load_system_certificate_list,init_kprobe_trace,init_encrypted"
lab_socket=/run/balancerd/control.sock

# Where nobody has made it xenconsoled does not log.
mkdir -p "$lab_run" "$lab_logs"

# --- words and times --------------------------------------------------------

say() {
	printf '%s\n' "$*"
}

# Ends the test.  A function may be running in a subshell, $(...): then only
# that ends, and its exit code tells.
fail() {
	printf 'FAIL: %s\n' "$*" >&2
	exit 1
}

# Milliseconds, for differences only.
now_ms() {
	local us=${EPOCHREALTIME/[.,]/}
	echo "$((us / 1000))"
}

# Seconds, perhaps with a fraction, to milliseconds.
lab_to_ms() {
	local whole=${1%%.*} part=000
	[ "$whole" = "$1" ] || part=${1#*.}000
	echo "$((10#${whole:-0} * 1000 + 10#${part:0:3}))"
}

# wait_for DEADLINE_S COMMAND...: until the command succeeds; 1 if it never
# did.
wait_for() {
	local end
	end=$(($(now_ms) + $(lab_to_ms "$1")))
	shift
	until "$@"; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# must_wait_for DEADLINE_S COMMAND...: the same, but failure ends the test.
must_wait_for() {
	wait_for "$@" || fail "not within $1 s: ${*:2}"
}

# assert_eq IS SHOULD_BE [WHAT]
assert_eq() {
	[ "$1" = "$2" ] || fail "${3:-value}: is '$1', should be '$2'"
}

assert_ne() {
	[ "$1" != "$2" ] || fail "${3:-value}: is '$1', should be something else"
}

assert_le() {
	[ "$1" -le "$2" ] || fail "${3:-value}: is $1, should be at most $2"
}

assert_ge() {
	[ "$1" -ge "$2" ] || fail "${3:-value}: is $1, should be at least $2"
}

# assert_within IS SHOULD_BE SLACK [WHAT]
assert_within() {
	assert_ge "$1" "$(($2 - $3))" "${4:-value}"
	assert_le "$1" "$(($2 + $3))" "${4:-value}"
}

# assert_match TEXT REGEX [WHAT]
assert_match() {
	[[ $1 =~ $2 ]] || fail "${3:-text}: '$1' does not match '$2'"
}

# assert_fails COMMAND...
assert_fails() {
	if "$@"; then
		fail "should have failed: $*"
	fi
}

# json_number TEXT KEY [VARIABLE]: the first number of that name, printed or
# put into the variable, which saves a subshell.  See also: jpick.
json_number() {
	[[ $1 =~ \"$2\":\ *(-?[0-9]+) ]] || return 1
	if [ $# -gt 2 ]; then
		printf -v "$3" %s "${BASH_REMATCH[1]}"
	else
		echo "${BASH_REMATCH[1]}"
	fi
}

# --- guests: making and ending them -----------------------------------------

# The initramfs of guests: the lab's, and behind it what our product brings.
lab_initrd() {
	if [ ! -e /lab/guest.cpio ]; then
		echo "$lab_dir/initrd"
		return
	fi
	local part=$lab_run/initrd.$BASHPID
	if [ ! -e "$lab_run/initrd" ]; then
		cat "$lab_dir/initrd" /lab/guest.cpio >"$part"
		mv "$part" "$lab_run/initrd"
	fi
	echo "$lab_run/initrd"
}

# guest_config NAME pv|pvh MEM_MIB MAXMEM_MIB [WORD | 'XL LINE']...
# Writes an xl config and prints its path.
# WORD: noballoon   the guest's kernel has no balloon driver
#       noagent     balancer-agent is not started even if it is installed
#       feature=V   the guest writes V to control/feature-balloon, as guest
#                   agents do with 1; a guest of plain xl has no such key
guest_config() {
	local name=$1 type=$2 mem=$3 max=$4 word extra='' lines=''
	local file=$lab_run/$name.xl
	shift 4
	# Without it a PVH guest takes half as long again to come up.
	[ "$type" = pv ] || lines+='tsc_mode = "native"'$'\n'
	for word in "$@"; do
		case $word in
		noballoon) extra+=" initcall_blacklist=balloon_init" ;;
		noagent | feature=*) extra+=" lab.$word" ;;
		*=*) lines+="$word"$'\n' ;;
		*) fail "guest_config: unknown word '$word'" ;;
		esac
	done
	cat >"$file" <<EOF
name = "$name"
type = "$type"
memory = $mem
maxmem = $max
vcpus = 1
kernel = "$lab_dir/vmlinux"
ramdisk = "$(lab_initrd)"
extra = "console=hvc0 quiet mitigations=off nokaslr panic=1 $lab_skipped$extra"
on_poweroff = "destroy"
on_reboot = "destroy"
on_crash = "destroy"
$lines
EOF
	echo "$file"
}

# xl without what it says of every config that has a tsc_mode.
lab_xl() {
	{ xl "$@" 2>&1 >&3 | grep -v '^got a tsc mode string' >&2; } 3>&1
	return "${PIPESTATUS[0]}"
}

# guest_create NAME pv|pvh MEM_MIB MAXMEM_MIB [WORD | 'XL LINE']...
# As guest_config, and starts it.  Does not wait: see guest_wait_up.
guest_create() {
	local file node domid
	file=$(guest_config "$@") || return 1
	if [[ " $* " != *" feature="* ]]; then
		lab_xl create -q "$file"
		return
	fi
	# The guest may write the key only if the toolstack lets it.
	lab_xl create -q -p "$file" || return 1
	domid=$(domid_of "$1") || return 1
	node=/local/domain/$domid/control/feature-balloon
	xenstore-write "$node" "" && xenstore-chmod "$node" "n$domid" || return 1
	xl unpause "$1"
}

guest_destroy() {
	xl destroy "$1"
}

# guest_exists NAME
guest_exists() {
	domstat domid "$1" >/dev/null
}

# --- guests: what they are --------------------------------------------------

# domid_of NAME: fails if there is no such domain.
domid_of() {
	domstat domid "$1"
}

# tot_kib NAME: what the domain holds, as Xen counts.
tot_kib() {
	local line kib
	line=$(domstat get "$1") || return 1
	read -r _ _ kib _ <<<"$line"
	echo "$kib"
}

# max_kib NAME: Xen's ceiling for the domain (maxmem).
max_kib() {
	local line kib
	line=$(domstat get "$1") || return 1
	read -r _ _ _ kib _ <<<"$line"
	echo "$kib"
}

# guest_key NAME PATH: a key below the domain's xenstore directory.
guest_key() {
	domstat key "$1" "$2"
}

# target_kib NAME: the balloon target in xenstore.
target_kib() {
	guest_key "$1" memory/target
}

# guest_near NAME KIB [SLACK_KIB]: does it hold that much?  For wait_for.
guest_near() {
	local kib
	kib=$(tot_kib "$1") || return 1
	[ "$kib" -ge "$(($2 - ${3:-1024}))" ] && [ "$kib" -le "$(($2 + ${3:-1024}))" ]
}

# The console log; a guest that migrated to here has another name for it.
guest_log() {
	local log=$lab_logs/guest-$1.log
	[ ! -e "$lab_logs/guest-$1--incoming.log" ] \
		|| log=$lab_logs/guest-$1--incoming.log
	echo "$log"
}

# --- guests: talking to them ------------------------------------------------

# guest_wait_up NAME DEADLINE_S: until its userspace serves us.
guest_wait_up() {
	local uuid log
	uuid=$(guest_key "$1" vm) || fail "guest $1: no such domain"
	log=$(guest_log "$1")
	wait_for 5 test -e "$log" || fail "guest $1: no console log"
	guest-run "$log" "$(lab_to_ms "$2")" up "${uuid#/vm/}" \
		|| fail "guest $1 is not up after $2 s; its console:
$(tail -n 20 "$log")"
}

# guest_run NAME COMMAND...: a shell command in the guest; its output, its
# exit code.  125: no answer within GUEST_RUN_S seconds (default 30).
guest_run() {
	local name=$1 tty
	shift
	tty=$(guest_key "$name" console/tty) || {
		say "guest $name: no such domain" >&2
		return 125
	}
	guest-run "$(guest_log "$name")" "$(lab_to_ms "${GUEST_RUN_S:-30}")" \
		run "$tty" "$*"
}

# guest_free_kib NAME: MemAvailable, as the guest sees it.
guest_free_kib() {
	guest_run "$1" "sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo"
}

# --- guests: the workload ---------------------------------------------------

# guest_load NAME ALLOC_MIB RATE_MIB_S [random|sequential]: a workload that
# fills that much memory and re-reads and verifies it at that rate.
guest_load() {
	guest_run "$1" "workload $2 $3 /run/load ${4:-random} \
		>/run/load.log 2>&1 & echo \$! >/run/load.pid" || return 1
}

# guest_load_progress NAME: state=... size_kib=... used_kib=... filled_kib=...
# reads=... passes=... bad=... elapsed_ms=... worst_ms=... longest_ms=...
guest_load_progress() {
	guest_run "$1" "kill -0 \$(cat /run/load.pid) && cat /run/load"
}

# guest_load_get NAME FIELD
guest_load_get() {
	local text
	text=$(guest_load_progress "$1") || {
		say "guest $1: no workload: $text" >&2
		grep -a 'Out of memory' "$(guest_log "$1")" >&2
		return 1
	}
	[[ " $text " =~ " $2="([^ ]*)" " ]] || return 1
	echo "${BASH_REMATCH[1]}"
}

# guest_load_watch NAME: longest_ms begins again.
guest_load_watch() {
	guest_run "$1" 'kill -USR1 $(cat /run/load.pid)'
}

# guest_load_filled NAME: has it filled all it was told to?  For wait_for.
guest_load_filled() {
	[ "$(guest_load_get "$1" state)" = running ]
}

# guest_load_resize NAME MIB: grow or shrink, up to what it started with.
guest_load_resize() {
	guest_run "$1" "echo $2 >/run/load.want && kill -HUP \$(cat /run/load.pid)"
}

# guest_unload NAME [DEADLINE_S]: verify all pages once more, give them back;
# prints the last progress line; fails if a page was not what it should be.
guest_unload() {
	GUEST_RUN_S=${2:-60} guest_run "$1" "
		pid=\$(cat /run/load.pid)
		kill \$pid || exit 1
		while kill -0 \$pid 2>/dev/null; do sleep 0.05; done
		cat /run/load /run/load.log
		grep -q state=done /run/load"
}

# --- the daemon -------------------------------------------------------------

lab_daemon_answers() {
	[ -S "$lab_socket" ] && balancerctl host-memory-show >/dev/null 2>&1
}

lab_daemon_up() {
	# Dead before it answered: waiting longer is of no use.
	kill -0 "$balancerd_pid" 2>/dev/null || fail "balancerd ended:
$(balancerd_log | tail -n 20)"
	lab_daemon_answers
}

# balancerd_start [ARG...]: until it answers; its output goes to
# /share/balancerd.log (appended); sets balancerd_pid.
balancerd_start() {
	balancerd "$@" >>/share/balancerd.log 2>&1 </dev/null &
	balancerd_pid=$!
	wait_for 15 lab_daemon_up || fail "balancerd does not answer:
$(balancerd_log | tail -n 20)"
}

# balancerd_stop [SIGNAL]: and waits for its end; its exit code.
balancerd_stop() {
	local rc=0
	kill "-${1:-TERM}" "$balancerd_pid" || return 1
	wait "$balancerd_pid" || rc=$?
	# 143 and 137: ended by the very signal we sent.
	[ "$rc" -ne 143 ] && [ "$rc" -ne 137 ] || rc=0
	balancerd_pid=''
	return "$rc"
}

balancerd_log() {
	cat /share/balancerd.log
}

# --- the host ---------------------------------------------------------------

# host_free_kib, host_total_kib: as Xen counts.
host_free_kib() {
	local kib
	read -r _ kib _ < <(domstat host)
	echo "$kib"
}

host_total_kib() {
	local kib
	read -r kib _ < <(domstat host)
	echo "$kib"
}

# What no domain holds and is not free: Xen itself.
lab_xen_kib() {
	local total free sum=0 kib
	read -r total free _ < <(domstat host)
	while read -r _ _ kib _; do
		sum=$((sum + kib))
	done < <(domstat list)
	echo "$((total - free - sum))"
}

# check_accounting: does the host's memory add up, and does the daemon, if it
# runs, say the same as Xen?
check_accounting() {
	local xen
	xen=$(lab_xen_kib)
	assert_ge "$xen" 0 "memory of Xen itself"
	# Measured: 20 to 24 MiB, and 1 to 4 MiB for each domain.
	assert_le "$xen" "$((64 * 1024 + 8192 * $(domstat list | wc -l)))" \
		"memory of Xen itself (KiB): the sums do not close"
	if [ -S "$lab_socket" ] && [ -n "${balancerd_pid:-}" ]; then
		wait_for 5 lab_daemon_agrees || fail "balancerd and Xen disagree:
$(balancerctl host-memory-show --json)
$(domstat host)
$(domstat list)"
	fi
}

# Guests may be on the move: one disagreement is none, see wait_for.
lab_daemon_agrees() {
	local json key total xen dom0 domains reserved free xen_total xen_free
	json=$(balancerctl host-memory-show --json) || return 1
	for key in total xen dom0 domains reserved free; do
		json_number "$json" "${key}_kib" "$key" || return 1
	done
	read -r xen_total xen_free _ < <(domstat host)
	[ "$total" -eq "$((xen + dom0 + domains + reserved + free))" ] \
		&& [ "$total" -eq "$xen_total" ] \
		&& [ "$xen_free" -ge "$((free + reserved - 1024))" ] \
		&& [ "$xen_free" -le "$((free + reserved + 1024))" ]
}

# --- other hosts ------------------------------------------------------------

# on_host N COMMAND...: a shell command in dom0 of another host (--hosts 2);
# its output, its exit code.  Goes beside the network, so that a test may cut
# that.  ON_HOST_S: seconds to wait (default 60).
on_host() {
	local host=$1 id
	shift
	id="$LAB_HOST-$BASHPID-${EPOCHREALTIME/[.,]/}"
	printf '%s\n' "$*" >"/lab/exec/$id.cmd"
	echo "order $host exec $id" >/run/lab.up
	wait_for "${ON_HOST_S:-60}" test -e "/lab/exec/$id.rc" || {
		say "host $host: no answer to: $*" >&2
		return 125
	}
	cat "/lab/exec/$id.out"
	return "$(cat "/lab/exec/$id.rc")"
}
