#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a volume of a lender's memory and a file is attached by hand, the
#      guest's agent takes it up and gives it back only when it can, every page
#      is as it was, and afterwards nothing of it is left; what cannot be is
#      refused in words, and leaves nothing either.
# lab: --mem 1408 --dom0-mem 640 --timeout 1200
# shellcheck source=/dev/null
. /lab/rswap.sh

legs=(leg=nbd:127.0.0.1:10809:x "leg=file:$rswap_dir")

guest_create one pv 96 96 || fail "one does not start"
guest_wait_up one 60
domid=$(domid_of one)

# What cannot be.
attach=(attach "domid=$domid" size=48MiB)
must_refuse single-remote-leg "${attach[@]}" leg=nbd:127.0.0.1:10809:x
must_refuse lender-unreachable "${attach[@]}" "${legs[@]}"
nothing_left
lend 10809 48
must_refuse single-remote-leg "${attach[@]}" leg=nbd:127.0.0.1:10809:x \
	leg=nbd:127.0.0.1:10810:x
must_refuse too-small attach "domid=$domid" size=64MiB "${legs[@]}"
assert_eq "$(jpick needed_kib <<<"$answer")" 65536 "needed"
assert_eq "$(jpick available_kib <<<"$answer")" 49152 "available"
must_refuse no-room attach "domid=$domid" size=64GiB "${legs[@]}"
assert_eq "$(jpick step <<<"$answer")" file "the step"
assert_eq "$(jpick needed_kib <<<"$answer")" $((64 * 1024 * 1024)) "needed"
must_refuse no-domain attach domid=4711 size=48MiB "${legs[@]}"
assert_eq "$(jpick undone <<<"$answer")" true "undone"
nothing_left

# The guest gets it, and swaps to it before everything else.
begin=$(now_ms)
attach_to one 48 nbd:127.0.0.1:10809:x "file:$rswap_dir"
say "the guest swaps to it $(($(now_ms) - begin)) ms after attach began: $answer"
assert_eq "$(status state)" attached "state"
assert_eq "$(leg_state nbd:127.0.0.1:10809)" in-sync "the lender's leg"
assert_eq "$(leg_state "file:$rswap_dir")" in-sync "the file's leg"
assert_match "$(guest_run one 'cat /proc/swaps')" 'xvdp.*[^-]100' "its priority"
must_rswap attach "domid=$domid" size=48MiB "${legs[@]}"
must_refuse in-use attach domid=4711 size=48MiB "${legs[@]}"

load_until_swapped one 44 10 8192
say "$(swapped_kib one) KiB are on the volume"
written=$(awk '{ print int($7 / 2) }' /sys/block/nbd0/stat)
assert_ge "$written" 8192 "what the lender was given (KiB)"
read_from_file=$(awk '{ print int($3 / 2) }' /sys/block/loop0/stat)
assert_le "$read_from_file" 1024 "what was read from the file (KiB)"

# It cannot do without.
must_refuse in-use detach
must_refuse guest-refuses withdraw
assert_match "$(jpick message <<<"$answer")" 'needs [0-9]+ KiB' "the reason"
must_wait_for 30 status_is guest_state on
assert_eq "$(status offer)" on "the offer after a refusal"
swapped_over one 8192 || fail "it gave the device up"

guest_unload one 600 || fail "the guest lost a page, or verifies for too long"
no_io_errors one
must_rswap withdraw wait=60s
assert_eq "$(status guest_state)" off "the guest"
assert_eq "$(guest_run one 'grep -c xvd /proc/swaps')" 0 "swap areas"
begin=$(now_ms)
must_rswap detach
say "detached in $(($(now_ms) - begin)) ms"
assert_eq "$(jpick state <<<"$answer")" none "state"
must_rswap detach
nothing_left
guest_run one '! ls /dev/xvdp' || fail "the guest has the device"

# Again, with another lender; the guest dies.
lend 10810 48
attach_to one 48 nbd:127.0.0.1:10810:x "file:$rswap_dir"
load_until_swapped one 40 10 4096
guest_destroy one
must_rswap detach
nothing_left
say "done"
