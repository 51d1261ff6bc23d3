#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Where domain 0 is balanced, what it lends goes on top of its minimum.
# shellcheck source=tests/cli/peers.bash
. "${abs_top_srcdir:?}/tests/cli/peers.bash"

far_dom0() { # FIELD
    "$balancerctl" --socket="$far_dir/sock" vm-list --minimal domid=0 \
        "params=$1"
}

cat >>"$far_conf" <<'END'
lend-max = 128MiB
[host]
manage-domain-zero = yes
domain-zero-dynamic-min = 1GiB
domain-zero-dynamic-max = 1088MiB
END
lendmem_start 256
start
far_start
ask 0 peer-add peer=far "address=$far" "secret=$secret"
far_ask 0 peer-add peer=near "address=$near" "secret=$secret"
wait_for 'the peer to be up' peer_is state up

# Within its range: that is 64 MiB above its minimum.
wait_for 'memory to lend' peer_is lendable $((64 * mib))
ask 1 lease-create peer=far volume=a size=100MiB --json
says out '"error": "HOST_NOT_ENOUGH_FREE_MEMORY"'
ask 0 lease-create peer=far volume=a size=32MiB

# Squeezed as far as it goes, it keeps its minimum and what it lends.
spare=$("$balancerctl" --socket="$far_dir/sock" host-memory-show --minimal)
far_ask 0 memory-reserve "size=$((spare + 32 * mib))" ttl=1h
[ "$(far_dom0 memory-actual)" -ge $(((1024 + 32) * mib)) ] ||
    fail "domain 0 has $(far_dom0 memory-actual)"
far_ask 0 vm-memory-explain domid=0
says out '1057 MiB'
