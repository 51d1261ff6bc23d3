#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: time of vm-list and of xenstore-ls for 1,000 domains; the median of five
#      each, taken in turn. Prints "cli-ms VM-LIST VM-LIST-ALL XENSTORE-LS".
# shellcheck source=/dev/null
. /lab/lib.sh

domains=1000
rounds=5
socket=$lab_run/cli.sock

# The keys that xenstore has of a domain under xl, and its range.
fill_store() {
	local i j args
	for ((i = 1; i <= domains; i += 20)); do
		args=()
		for ((j = i; j < i + 20; j++)); do
			d=/bench/domain/$j
			args+=("$d/name" "guest$j" "$d/domid" "$j"
				"$d/vm" "/vm/00000000-0000-4000-8000-$(printf %012d "$j")"
				"$d/memory/target" 1048576
				"$d/memory/static-max" 2097152
				"$d/memory/dynamic-min" 524288
				"$d/memory/dynamic-max" 2097152
				"$d/memory/videoram" 0)
		done
		xenstore-write "${args[@]}" || return
	done
}

cat >"$lab_run/cli.scn" <<END
# why: a thousand domains that have what they should have
[host]
free = 72MiB
[domain 1-$domains]
dynamic-min = 512MiB
memory = 1GiB
dynamic-max = 2GiB
static-max = 2GiB
inaccuracy = 4
END
: >"$lab_run/cli.conf"

fill_store || fail "xenstore does not take the keys"
balancerd --config "$lab_run/cli.conf" --host="sim:$lab_run/cli.scn" \
	--socket="$socket" >/share/cli.log 2>&1 &
pid=$!
must_wait_for 20 test -S "$socket"
lines=$(xenstore-ls /bench/domain | grep -c 'name = ')
assert_eq "$lines" $domains "domains in xenstore"
lines=$(balancerctl --socket="$socket" vm-list | grep -c '^uuid')
assert_eq "$lines" $domains "domains of vm-list"

took_ms() { # COMMAND...
	local before
	before=$(now_ms)
	"$@" >/dev/null || fail "$*"
	echo $(($(now_ms) - before))
}

median() { # NUMBER...
	printf '%s\n' "$@" | sort -n | sed -n "$(($# / 2 + 1))p"
}

list=() all=() ls=()
for ((round = 0; round < rounds; round++)); do
	list+=("$(took_ms balancerctl --socket="$socket" vm-list)")
	all+=("$(took_ms balancerctl --socket="$socket" vm-list params=all)")
	ls+=("$(took_ms xenstore-ls /bench/domain)")
done
kill "$pid"
wait "$pid"
say "vm-list ms: ${list[*]}; params=all: ${all[*]}; xenstore-ls: ${ls[*]}"
say "cli-ms $(median "${list[@]}") $(median "${all[@]}") $(median "${ls[@]}")"
