#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# On real Xen, two hosts: how much faster a guest that does not fit its memory
# is when it swaps to the other host's memory than when it swaps to a disk that
# turns, by the method of "Remote swap for virtual servers" (Nagai and others):
# blocks of 1 KiB, data of 0.5 to 4 times the memory, then larger blocks.  The
# disk is modelled outside of the hosts (disk.c), 8.5 ms to seek and 90 MB/s.
#
# The figure is the ratio for random reads, beside what the two devices' own
# latencies, measured in the same boot, predict.  Medians over all sizes above
# the memory.
#
# An emulated processor is many times slower than a real one, the disk is not: so
# ratios are lower than on hardware.  How many times is measured and told.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

seek_us=8500
rate=90000000
sizes='5 10 15 20 30 40' # tenths of the memory
blocks='1024 4096 16384 65536 262144'
seconds=${SECONDS_EACH:-3}
swap_mib=256 # both swap areas, so that no more than half is used
disk_mib=640

"$top/scripts/setup" build test lab bench
bench_make all
bench_make tests/bench/nbdkit-disk-plugin.la

work=$(mktemp -d)
medium=$(mktemp -d /dev/shm/rescue.XXXXXX)
disk_pid=
clean_up() {
    [ -z "$disk_pid" ] || kill "$disk_pid" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work" "$medium"
}
trap clean_up EXIT

truncate -s ${disk_mib}m "$medium/image"
mke2fs -q -t ext4 -E offset=$((swap_mib << 20)) "$medium/image" \
    $(((disk_mib - swap_mib) << 10))
nbdkit -f -U "$medium/disk" \
    "$bench_build/tests/bench/.libs/nbdkit-disk-plugin.so" \
    image="$medium/image" seek-us=$seek_us rate=$rate &
disk_pid=$!
"$top/tests/lab/lab" run --hosts 2 --mem 1024 --dom0-mem 448 --timeout 1800 \
    --build "$bench_build" --disk "$medium/disk" -- \
    "$top/tests/bench/rescue-dom0.sh" "$sizes" "$blocks" "$seconds" $swap_mib |
    tee "$work/told"

# How many times slower the hosts' processor is than this one.
read -r count lab_ms < <(sed -n 's/^rescue speed //p' "$work/told")
begin_ms=$(date +%s%3N)
busybox=$(command -v busybox || true)
$busybox dd if=/dev/zero of=/dev/null bs=1k count=$((count * 10)) 2>/dev/null
took_ms=$(($(date +%s%3N) - begin_ms))
factor=$(awk "BEGIN { printf \"%d\", $lab_ms * 10 / ($took_ms ? $took_ms : 1) + 0.5 }")

kept=$work
if $report; then
    kept=$top/tests/bench
fi
{
    cat <<END
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
# Swapping to another host's memory, beside swapping to a disk

Made by \`tests/bench/run rescue --report\`, which says how.

![how many times faster](rescue.svg)

END
    awk -v VERDICT="$work/verdict" -f "$top/tests/bench/rescue.awk" "$work/told"
    cat <<END

## What emulation does to these figures

A system call that moves 1 KiB takes $factor times as long in the emulated hosts as on
the machine below them. The disk is modelled outside of them and keeps the pace of
a real one. So what is work for a processor counts far too much: nearly all of what
a page from the other host takes, and in a row also nearly all of what one from
the disk takes, whose 32 KiB come from the medium in 0.4 ms. In a row two paths
of code are compared, and the one to the other host is the longer one.
END
} >"$kept/rescue.md"
awk -f "$top/tests/bench/rescue-plot.awk" "$work/told" >"$kept/rescue.svg"
echo
tail -n +7 "$kept/rescue.md"

read -r random predicted sequential bad <"$work/verdict"
bench_verdict rescue \
    "random $random of $predicted predicted" \
    ">= 0.80 $predicted; paper 22-27) sequential $sequential (>= 2.5" \
    "$random >= 0.8 * $predicted && $sequential >= 2.5 && $bad == 0"
