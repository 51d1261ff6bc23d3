#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The tools that people use with NBD work: nbdinfo, nbdcopy, qemu-img, qemu-io,
# fio; many leases and many connections at once.
# shellcheck source=tests/store/lendmem.bash
. "${abs_top_srcdir:?}/tests/store/lendmem.bash"

lendmem_start
one=$(lease size=16m)
two=$(lease size=16m)

nbdinfo "$(uri "$one")" >"$dir/info"
grep -q 'export-size: 16777216 (16M)' "$dir/info" || fail 'nbdinfo: size'
grep -q 'can_multi_conn: true' "$dir/info" || fail 'nbdinfo: multi-conn'
# Nobody learns of leases who does not know them.
! nbdinfo --list "nbd+unix:///$uri_end" 2>&1 | grep -q 'export=' ||
    fail 'leases can be listed'

head -c 16M /dev/urandom >"$dir/noise"
nbdcopy --connections=4 --requests=16 "$dir/noise" "$(uri "$one")" || fail 'nbdcopy there'
nbdcopy "$(uri "$one")" "$(uri "$two")" || fail 'nbdcopy across'
nbdcopy "$(uri "$two")" "$dir/back" || fail 'nbdcopy back'
cmp "$dir/noise" "$dir/back" || fail 'nbdcopy: not what was written'

qemu-img compare -f raw -F raw "$dir/noise" "$(uri "$two")" >/dev/null ||
    fail 'qemu-img compare'
qemu-img convert -n -f raw -O raw -W "$(uri "$one")" "$(uri "$two")" ||
    fail 'qemu-img convert'
io "$one" 'write -P 7 4095 8194' 'discard 1m 1m' 'write -z 3m 1m' flush \
    'read -P 7 4095 8194' 'read -P 0 1m 1m' 'read -P 0 3m 1m' || fail 'qemu-io'
# What is stored and what is a hole.
io "$one" 'discard 0 16m' 'write -P 1 2m 1m' 'write -P 1 9m 4k' || fail 'qemu-io'
nbdinfo --map "$(uri "$one")" | awk '{ print $1, $2, $4 }' >"$dir/map"
diff "$dir/map" - <<'END' || fail 'the map'
0 2097152 hole,zero
2097152 1048576 data
3145728 6291456 hole,zero
9437184 4096 data
9441280 7335936 hole,zero
END
qemu-img map -f raw --output=json "$(uri "$one")" | grep -q '"start": 9437184, "length": 4096,.*"data": true' ||
    fail 'qemu-img map'

fio --name=lease --ioengine=nbd --uri="$(uri "$one")" --rw=randwrite --bs=4k \
    --iodepth=32 --size=16m --verify=crc32c --do_verify=1 --verify_fatal=1 --verify_state_save=0 \
    --randrepeat=0 --minimal >"$dir/fio" 2>&1 || { cat "$dir/fio"; fail 'fio'; }

# Many leases, each with its own data, at the same time.
tokens=()
for i in {1..24}; do
    tokens+=("$(lease size=1m "label=many $i")")
done
jobs=()
for i in {0..23}; do
    head -c 1M /dev/zero | tr '\0' "\\$(printf %o $((65 + i)))" >"$dir/$i"
    nbdcopy "$dir/$i" "$(uri "${tokens[i]}")" &
    jobs+=($!)
done
for job in "${jobs[@]}"; do
    wait "$job" || fail 'one of many copies'
done
for i in {0..23}; do
    nbdcopy "$(uri "${tokens[i]}")" "$dir/back"
    cmp "$dir/$i" "$dir/back" || fail "lease $i has another one's data"
done
[ "$(number_of n_leases pool-show)" = 26 ] || fail 'number of leases'
wait_for test "$(number_of connections pool-show)" = 0
lendmem_stop
