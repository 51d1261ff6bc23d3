#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what xl-need says of a config is what libxl would want to be free, and
#      more than the domain then really takes.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/lib.sh

need=$(find /usr -name xl-need -type f | head -n 1)
[ -x "$need" ] || fail "no xl-need"
cfg=/run/lab/need.xl

# says FIELD VALUE LINE...: of a config of these lines.
says() {
	local field=$1 value=$2 said
	shift 2
	printf '%s\n' "$@" >"$cfg"
	said=$("$need" "$cfg") || fail "refuses: $*"
	assert_eq "$(wc -l <<<"$said")" 1 "lines"
	assert_eq "$(jq -r ".$field" <<<"$said")" "$value" "$field of $*"
}

# refuses SENTENCE LINE...: as one line, with a FILE in front.
refuses() {
	local sentence=$1 said rc=0
	shift
	printf '%s\n' "$@" >"$cfg"
	said=$("$need" "$cfg" 2>&1) || rc=$?
	assert_eq "$rc" 1 "exit code for $*"
	assert_eq "$(wc -l <<<"$said")" 1 "lines of: $said"
	assert_match "$said" "^xl-need: $cfg:.*$sentence"
}

# Rounded up to 2 MiB: memory; 1 MiB a processor and 4 KiB for each MiB of
# maxmem (PV without hap, as ever: the same); 1 MiB (PV) or 2 MiB (HVM, PVH).
mib=1024
says need_kib $((132 * mib)) 'memory=128' 'type="pvh"'
says need_kib $((136 * mib)) 'memory=128' 'type="pvh"' 'maxmem=1024'
says need_kib $((136 * mib)) 'memory=128' 'type="pvh"' 'maxmem=1024' 'vcpus=2'
says need_kib $((138 * mib)) 'memory=128' 'type="pvh"' 'maxmem=1024' 'vcpus=2' \
	'maxvcpus=4'
says need_kib $((132 * mib)) 'memory=128'
says need_kib $((146 * mib)) 'memory=128' 'type="hvm"' 'shadow_memory=16'
says overhead_kib $((4 * mib)) 'memory=128' 'type="pvh"'
says memory_kib $((128 * mib)) 'memory=128' 'maxmem=256'
says maxmem_kib $((256 * mib)) 'memory=128' 'maxmem=256'
says maxmem_kib $((128 * mib)) 'memory=128'
says type hvm 'memory=64' 'builder="hvm"'
says type pv 'memory=64' 'builder="generic"'
says name web-1 'memory=64' 'name="web-1"'
says uuid null 'memory=64'
says uuid 01234567-89ab-4def-8123-456789abcdef 'memory=64' \
	'uuid="01234567-89AB-4DEF-8123-456789abcdef"'

refuses 'there is no domain type "pvx"' 'memory=64' 'type="pvx"'
refuses '"12" is not a uuid' 'memory=64' 'uuid="12"'
refuses 'config parsing error' 'memory=64' 'vcpus=many'
refuses 'memory' 'memory=["64"]'
refuses 'passthrough' 'memory=64' 'passthrough="often"'
said=$("$need" /nowhere/x.xl 2>&1) && fail "sizes what is not there"
assert_match "$said" '^xl-need: /nowhere/x.xl: '

# really_takes NAME TYPE MEM MAXMEM
really_takes() {
	local file wanted before took
	file=$(guest_config "$@")
	wanted=$("$need" "$file" | jq .need_kib)
	before=$(host_free_kib)
	lab_xl create -q "$file" || fail "$1 does not start"
	guest_wait_up "$1" 60
	took=$((before - $(host_free_kib)))
	say "$2 of $3 MiB: $wanted KiB wanted, $took KiB taken"
	assert_le "$took" "$wanted" "memory that $1 takes"
	assert_ge "$took" $(($3 * 1024)) "memory that $1 takes"
}
really_takes one pv 128 256
really_takes two pvh 128 128
