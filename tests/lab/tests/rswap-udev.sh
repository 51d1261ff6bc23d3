#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: in a guest that has udev and no agent the rule that we ship swaps to what
#      the host offers; in domain 0 the other one keeps udev from assembling the
#      legs of a volume.
# lab: --mem 1408 --dom0-mem 640 --timeout 300
# shellcheck source=/dev/null
. /lab/rswap.sh

rule=$(find /usr -name 85-rswap-guest.rules)
rule_dom0=$(find /usr -path '*/udev/rules.d/60-rswap.rules')

# put_udev DIRECTORY: udev, what it needs, and the rule.
put_udev() {
	local file
	mkdir -p "$1/etc/udev/rules.d" "$1/usr/lib/udev/rules.d" "$1/usr/bin" \
		"$1/usr/sbin" "$1/usr/lib/x86_64-linux-gnu"
	cp "$rule" "$1/etc/udev/rules.d/"
	cp /usr/lib/udev/rules.d/60-persistent-storage.rules "$1/usr/lib/udev/rules.d/"
	cp /usr/bin/udevadm "$1/usr/bin/udevadm"
	cp /usr/bin/udevadm "$1/usr/bin/systemd-udevd"
	cp /usr/sbin/swapon "$1/usr/sbin/swapon.real"
	for file in kmod acl blkid cap selinux crypto lzma zstd pcre2-8 smartcols mount; do
		cp /usr/lib/x86_64-linux-gnu/lib$file.so.* "$1/usr/lib/x86_64-linux-gnu/"
	done
}

# Behind the lab's own, as another archive.
put_udev /tmp/udev
(cd /tmp/udev && find . | cpio -o -H newc 2>/dev/null) >/tmp/udev.cpio
rm -r /tmp/udev
cat "$(lab_initrd)" /tmp/udev.cpio >/tmp/initrd
guest_create one pv 160 160 noagent 'ramdisk = "/tmp/initrd"' \
	|| fail "one does not start"
lend 10809 32
guest_wait_up one 60
# busybox's has no priorities.
guest_run one 'set -e; test -s /etc/udev/rules.d/85-rswap-guest.rules
	mv /usr/sbin/swapon.real /usr/sbin/swapon
	udevadm --version && systemd-udevd --daemon' || fail "no udev in the guest"

begin=$(now_ms)
must_rswap attach "domid=$(domid_of one)" size=32MiB \
	leg=nbd:127.0.0.1:10809:x "leg=file:$rswap_dir"
swaps() {
	[[ $(guest_run one 'cat /proc/swaps') =~ xvdp.*[^-]100 ]]
}
wait_for 20 swaps || fail "it does not swap there: $(guest_run one '
	cat /proc/swaps; udevadm test /sys/block/xvdp 2>&1 | tail -n 40')"
say "the guest swaps $(($(now_ms) - begin)) ms after attach began"

# Where systemd runs, it has to be systemd that swaps.
guest_run one 'mkdir -p /run/systemd/system'
out=$(guest_run one 'udevadm test --action=change /sys/block/xvdp 2>&1')
assert_match "$out" "run: '/usr/bin/systemd-run .* /sbin/swapon -p 100 /dev/xvdp'" \
	"what is run under systemd"

# Domain 0: a leg is a member of an array to udev, but not one to be assembled.
for leg in nbd0 loop0; do
	out=$(udevadm test --action=change "/sys/block/$leg" 2>&1)
	assert_match "$out" 'ID_FS_TYPE=linux_raid_member' "what $leg is"
	assert_match "$out" 'SYSTEMD_READY=0' "what is to be done with $leg"
	[[ ! $out =~ --incremental ]] || fail "$leg would be assembled"
done
mv "$rule_dom0" /tmp/rule
for leg in nbd0 loop0; do
	out=$(udevadm test --action=change "/sys/block/$leg" 2>&1)
	assert_match "$out" '--incremental' "what is done with $leg without the rule"
done
mv /tmp/rule "$rule_dom0"

# Nobody but its administrator can have the guest give it up.
must_refuse no-answer withdraw wait=1s
must_refuse in-use detach
guest_run one 'swapoff /dev/xvdp' || fail "no swapoff"
must_rswap detach force=yes
nothing_left
say "done"
