# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034 # variables for those who source it
#
# Domains of every type, and what Xen takes for them: as two models predict it,
# as balancerd measures it, and as Xen's own numbers say.
# shellcheck source=/dev/null
. /lab/balance.sh

xl_need=$(find /usr -name xl-need -type f | head -n 1)

# An HVM domain needs a device model, and there is none here; but libxl is
# content with a program that says it runs.  Nor is there firmware: four bytes
# that halt for ever are an ELF file's only segment.
hvm_parts() {
	cat >"$lab_run/device-model" <<'END'
#!/bin/bash
while [ $# -gt 1 ]; do
	[ "$1" != -d ] \
		|| xenstore-write "/local/domain/0/device-model/$2/state" running
	shift
done
exec sleep 100000
END
	chmod +x "$lab_run/device-model"
	{
		printf '\x7fELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0\1\0\0\0\0\0\x10\0'
		printf '\x34\0\0\0\0\0\0\0\0\0\0\0\x34\0\x20\0\1\0\x28\0\0\0\0\0'
		printf '\1\0\0\0\x54\0\0\0\0\0\x10\0\0\0\x10\0\4\0\0\0\4\0\0\0'
		printf '\7\0\0\0\1\0\0\0'
		printf '\xfb\xf4\xeb\xfd' # sti; hlt; again
	} >"$lab_run/firmware"
}

# overhead_config NAME TYPE MEM MAX VCPUS ['XL LINE']...: as guest_config.
overhead_config() {
	local name=$1 type=$2 mem=$3 max=$4 vcpus=$5
	shift 5
	if [ "$type" != hvm ]; then
		guest_config "$name" "$type" "$mem" "$max" "maxvcpus = $vcpus" "$@"
		return
	fi
	[ -e "$lab_run/firmware" ] || hvm_parts
	printf '%s\n' >"$lab_run/$name.xl" "name = \"$name\"" 'type = "hvm"' \
		"memory = $mem" "maxmem = $max" "vcpus = $vcpus" \
		'device_model_version = "qemu-xen-traditional"' \
		"device_model_override = \"$lab_run/device-model\"" \
		"firmware_override = \"$lab_run/firmware\"" \
		'vnc = 0' 'vga = "none"' 'on_poweroff = "destroy"' "$@"
	echo "$lab_run/$name.xl"
}

# explained NAME FIELD: a number of vm-memory-explain.
explained() {
	json_number "$(balancerctl vm-memory-explain "vm=$1" --json)" "$2"
}

is_measured() {
	explained "$1" overhead_measured_kib \
		>/dev/null
}

# looked N: balancerd has ticked N times since it was started.  From the second
# look at domains that do not move it can measure one that comes.
looked() {
	[ "$(balancerctl balancer-status --json | jpick ticks)" -ge "$1" ]
}

# What it holds beyond its target.
surplus_kib() {
	local kib=$(($(tot_kib "$1") - $(target_kib "$1")))
	[ "$kib" -gt 0 ] || kib=0
	echo "$kib"
}

# measure NAME TYPE MEM MAX VCPUS ['XL LINE']...: starts the domain, waits
# until balancerd has measured it, removes it.  Sets xapi_kib, libxl_kib (the
# two predictions), predicted_kib (what balancerd goes by, lessons included),
# measured_kib, xen_kib (the same without balancerd).
measure() {
	local name=$1 type=$2 mem=$3 max=$4 vcpus=$5 file before
	file=$(overhead_config "$@")
	libxl_kib=$("$xl_need" "$file" | jq .overhead_kib) || fail "no need of $name"
	xapi_kib=$(json_number "$(balancerctl vm-compute-memory-need --json \
		"type=$type" "memory=${mem}MiB" "maxmem=${max}MiB" "vcpus=$vcpus")" \
		overhead_predicted_kib)
	predicted_kib=$(($(balancerctl vm-compute-memory-overhead \
		"config=$file") / 1024)) || fail "no overhead of $name"
	must_wait_for 30 looked 3
	before=$(lab_xen_kib)
	lab_xl create -q "$file" || fail "$name does not start"
	[ "$type" = hvm ] || guest_wait_up "$name" 90
	must_wait_for 60 is_measured "$name"
	measured_kib=$(explained "$name" overhead_measured_kib)
	xen_kib=$(($(lab_xen_kib) - before + $(surplus_kib "$name")))
	guest_destroy "$name"
	must_wait_for 30 is_all_back "$before"
}

# Xen may keep a page or two.
is_all_back() {
	[ "$(lab_xen_kib)" -le $(($1 + 64)) ]
}

# TYPE MEM MAX VCPUS ['XL LINE']...: what is measured in turn.
overhead_rows=(
	'pv 128 128 1'
	'pv 256 512 2'
	'pv 160 1024 8'
	'pvh 128 128 1'
	'pvh 256 256 1'
	'pvh 128 512 1'
	'pvh 128 128 4'
	'pvh 512 512 2'
	'hvm 128 128 1'
	'hvm 256 512 2'
	'hvm 256 256 1 videoram=16'
)
