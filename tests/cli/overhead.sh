#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What domains cost beyond their memory: xe's verbs, in bytes; what is measured
# and learned; and vm-start, which refuses what would fit on paper only.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

mib=1048576
BALANCERCTL_XL_NEED=$dir/xl-need
export BALANCERCTL_XL_NEED
printf '#!/bin/bash\ncat "$1"\n' >"$dir/xl-need"
chmod +x "$dir/xl-need"

prints() { # BYTES VERB ARG...
    ask 0 "${@:2}"
    [ "$(cat "$dir/out")" = "$1" ] || fail "$(cat "$dir/out"), not $1: ${*:2}"
}

# What xl-need says of a PVH domain that libxl wants 4 MiB more for.
config() { # NAME MEMORY_MIB VCPUS
    printf '{"name":"%s","uuid":null,"type":"pvh","vcpus":%d,"memory_kib":%d,"maxmem_kib":%d,"need_kib":%d,"overhead_kib":4096}\n' \
        "$1" "$3" $(($2 * 1024)) $(($2 * 1024)) $(($2 * 1024 + 4096)) \
        >"$dir/$1.cfg"
    echo "config=$dir/$1.cfg"
}

# A PVH domain of 512 MiB and one processor, for which Xen takes 5 MiB for its
# page tables and OVERHEAD_MIB more.
create() { # NAME UUID OVERHEAD_MIB
    cat >"$dir/spool/$1.new" <<END
[domain]
uuid = $2
type = pvh
hap = yes
memory = 64MiB
static-max = 512MiB
overhead = ${3}MiB
paging = 5MiB
balloon = yes
END
    mv "$dir/spool/$1.new" "$dir/spool/$1.dom"
    wait_for "$1" test -e "$dir/spool/$1.domid"
}

is_measured() { # NAME
    ask 0 vm-memory-explain "vm=$1"
    grep -q 'measured' "$dir/out"
}

# 256 MiB more than in other tests: room for the domains of this one.
sed -i 's/^total = .*/total = 4352MiB/' "$dir/host.scn"
start
wait_for 'rest' at_rest

# The host: 20 + 256 MiB are free, 768 and 1344 can be given.  What it says is
# what can be had.
prints $((2388 * mib)) host-compute-free-memory
ask 1 memory-reserve size=$((2388 * mib + 1))
ask 0 memory-reserve size=$((2388 * mib)) --minimal
ask 0 memory-release "id=$(cat "$dir/out")"
wait_for 'rest' at_rest
prints $((172 * mib)) host-compute-memory-overhead
ask 0 host-list params=memory-overhead,memory-free-computed
says out ": $((172 * mib))"
says out ": $((2388 * mib))"

# PV, static-max 1 GiB: 1 MiB, 38 pages, 256 + 2 * 1024 pages for page tables.
prints $((11 * mib)) vm-compute-memory-overhead vm=web
prints 0 vm-compute-memory-overhead vm=Domain-0
prints $((11 * mib)) vm-list params=memory-overhead vm=web --minimal
prints $((1024 * mib)) vm-compute-maximum-memory vm=web total=$((1035 * mib))
prints $((1023 * mib)) vm-compute-maximum-memory vm=web total=$((1035 * mib - 1024))
prints $((941 * mib)) vm-compute-maximum-memory vm=web total=1g approximate=true
prints 0 vm-compute-maximum-memory vm=web total=0

# A domain that is to come; an old one's numbers are not asked for.
prints $((520 * mib)) vm-compute-memory-need type=pvh memory=512m --minimal
ask 0 vm-compute-memory-need type=hvm memory=512m maxmem=2g vcpus=2 hap=no \
    videoram=16m stub-domain=32m multiplier=1.5 overhead=1m
diff - "$dir/out" <<'END' || fail 'not what it needs'
need: 580 MiB
overhead: 68 MiB
overhead-predicted: 68 MiB
overhead-lesson: 0 MiB
END
prints $((8 * mib)) vm-compute-memory-overhead "$(config new 512 1)"
prints $((140 * mib)) vm-compute-memory-overhead "$(config big 16384 8)"

# Mistakes.
ask 1 vm-compute-maximum-memory vm=web total=much
says err "Failed to parse field 'total'"
ask 1 vm-compute-memory-overhead vm=nobody
says err 'No matching VMs found'
ask 1 vm-compute-memory-overhead type=pv power-state=running
says err 'Multiple matches VMs found'
ask 2 vm-compute-memory-overhead vm=web config="$dir/new.cfg"
says err 'Either config or <vm-selectors>, not both'
ask 4 vm-compute-memory-overhead config="$dir/none.cfg"
ask 1 vm-compute-memory-need type=pvx memory=1g
says err 'The value given is invalid: expecting pv, pvh, hvm or pv-in-pvh'
says err 'value: pvx'
ask 1 vm-compute-memory-need type=pv memory=1g vcpus=0
says err 'expecting 1 to 4096'
ask 1 vm-compute-memory-need type=pv memory=1g multiplier=0.999
says err 'field: multiplier'

# Page tables get more, or less again, of what is free.
create guest 33333333-3333-4333-8333-333333333333 1
wait_for 'a measurement' is_measured guest
prints $((8 * mib)) vm-compute-memory-overhead vm=guest
free=$(free_bytes)
ask 0 vm-memory-shadow-multiplier-set vm=guest multiplier=2.5
silent
[ "$(free_bytes)" = $((free - 7 * mib)) ] || fail 'they have not got 7 MiB'
prints $((15 * mib)) vm-compute-memory-overhead vm=guest
ask 1 vm-memory-shadow-multiplier-set vm=guest multiplier=1000
says err 'Not enough server memory is available to perform this operation.'
says err 'needed: 4988 MiB'
says err 'available: '
# Nor do they get the host's reserve.
ask 1 vm-memory-shadow-multiplier-set vm=guest \
    multiplier=$(((free / mib + 10) / 5 + 1))
says err 'Not enough server memory is available to perform this operation.'
[ "$(free_bytes)" = $((free - 7 * mib)) ] || fail 'a refusal has changed something'
ask 0 vm-memory-shadow-multiplier-set vm=guest multiplier=1
[ "$(free_bytes)" = "$free" ] || fail 'they have not given 7 MiB back'
ask 1 vm-memory-shadow-multiplier-set vm=guest multiplier=0.9
says err 'The value given is invalid'
says err 'value: 0.9'
ask 1 vm-memory-shadow-multiplier-set vm=web multiplier=2
says err 'This function is not implemented: shadow_multiplier for PV domains'
ask 1 vm-memory-shadow-multiplier-set vm=web multiplier=2 --json
says out '"error": "NOT_IMPLEMENTED"'

# A lesson: Xen takes 20 MiB and the domain holds 64 KiB more than its target;
# 8 MiB were predicted.  From then on 512 MiB are more than 520.
create hungry 44444444-4444-4444-8444-444444444444 15
wait_for 'a measurement' is_measured hungry
prints $((20544 * 1024)) vm-compute-memory-overhead vm=hungry
prints $((20544 * 1024)) vm-compute-memory-overhead "$(config new 512 1)"
ask 0 host-compute-free-memory
size_mib=$(($(cat "$dir/out") / mib - 10))
ask 0 memory-reserve "size=$((size_mib + 8))MiB" --minimal
ask 0 memory-release "id=$(cat "$dir/out")"
ask 1 vm-start "$(config paper "$size_mib" 1)"
says err 'Not enough server memory is available to perform this operation.'
says err "$dir/paper.cfg: it needs "
says err "not the $((size_mib + 4)) MiB that xl reckons with: pvh domains have"
says err 'taken up to 12352 KiB (12.0 MiB) more than was computed'
says err "needed: "
has_no_reservation || fail 'the reservation is left'
