#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# lendmem against other servers of blocks in memory, and against the same bytes
# over TCP without any protocol: all in turn, many times, medians; and what
# memory they take.  ROUNDS and SLICE_MS make it longer or shorter.
#
# Raw is sent in two ways: a request in one call and an answer in one, and in as
# many calls as nbdkit makes.  The faster one of each round is the measure.
#
# What else is kept from deciding the figures:
# - where the kernel puts client and server: one core or two is 15 or 50 us for the
#   same round trip.  All servers run on one core.  With one request under way the
#   client shares it: they take turns anyway, and waking another core would hide
#   what differs.  With 32 it has a core of its own,
# - and does not sleep there: else a server that is slower than the client by a
#   little pays for waking it with each answer, and one that is faster does not;
# - the machine's congestion control: bbr paces what goes over loopback.  The bench
#   has a network of its own, with reno.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

rounds=${ROUNDS:-15}
slice_ms=${SLICE_MS:-100}
size=64m

if [ -z "${OWN_NETWORK-}" ]; then
    "$top/scripts/setup" build test bench
    bench_make all
    bench_make tests/bench/lendmem
    # In a network that is made without being root it would seem to be root.
    mlock=no map=--map-root-user
    if [ "$(id -u)" = 0 ]; then
        mlock=yes map=
    fi
    # shellcheck disable=SC2086 # nothing, or one word
    OWN_NETWORK=yes MLOCK=$mlock exec unshare --net $map bash "$0"
fi
ip link set lo up
echo reno >/proc/sys/net/ipv4/tcp_congestion_control
client=$bench_build/tests/bench/lendmem
# Of the cores that we may use, the second one and the first one.
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
    awk -F - '{ for (i = $1; i <= $NF; i++) print i }')
server_core=${cores[1]:-${cores[0]}}
client_core=${cores[0]}

dir=$(mktemp -d /dev/shm/lendmem.XXXXXX)
pids=()
clean_up() {
    [ ${#pids[@]} -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap clean_up EXIT

# A server of ours as long as the bench runs; its pid by name.
declare -A pid_of
start() { # NAME COMMAND...
    local name=$1

    shift
    taskset -c "$server_core" "$@" >"$dir/$name.log" 2>&1 &
    pids+=($!)
    pid_of[$name]=$!
}

wait_for() { # COMMAND...
    local end=$((SECONDS + 20))

    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { echo "not within 20 s: $*"; tail -n 5 "$dir"/*.log; exit 1; }
        sleep 0.05
    done
}

# Ports that nobody uses now.
port=21000
next_port() {
    while
        port=$((port + 1))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
    do :; done
}

declare -A protocol_of port_of export_of
served() { # NAME PROTOCOL PORT EXPORT
    protocol_of[$1]=$2
    port_of[$1]=$3
    export_of[$1]=$4
}

run() { # NAME read|write|fill PATTERN LENGTH DEPTH [SIZE]
    local core=$client_core

    [ "$5" -gt 1 ] || core=$server_core
    taskset -c "$core" "$client" "${protocol_of[$1]}" "${port_of[$1]}" "${export_of[$1]}" \
        "$2" "$3" "$4" "$5" "${6:-$size}" "$slice_ms"
}

is_up() { # NAME
    run "$1" read sequential 4k 1
}

ask() { # VERB PARAMS
    echo "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":{$2}}" |
        perl "$top/tests/cli/talk" "$dir/control" 1
}

# --- servers --------------------------------------------------------------------

start raw "$client" serve
wait_for test -s "$dir/raw.log"
served raw raw "$(cat "$dir/raw.log")" -
served calls calls "$(cat "$dir/raw.log")" -

plugin=$bench_build/remote-swap/.libs/nbdkit-lendmem-plugin.so
start_lendmem() {
    rm -f "$dir/control"
    start lendmem nbdkit -f -i 127.0.0.1 -p "$1" "$plugin" memory=1g \
        mlock="${MLOCK:?}" "control=$dir/control"
    wait_for test -S "$dir/control"
    served lendmem nbd "$1" "$(ask lease-create '"size":"256m"' |
        grep -o '[0-9a-f]\{32\}')"
}

# nbdkit's own plugin: one disk of memory.
start_memory() { # sparse|malloc PORT
    start "$1" nbdkit -f -i 127.0.0.1 -p "$2" memory 256m "allocator=$1"
    served "$1" nbd "$2" ''
}

next_port
start_lendmem $port
next_port
start_memory sparse $port
next_port
start_memory malloc $port

next_port
truncate -s $size "$dir/nbd-server.img"
printf '[generic]\nport = %d\nlistenaddr = 127.0.0.1\n[x]\nexportname = %s\n' \
    $port "$dir/nbd-server.img" >"$dir/nbd-server.conf"
# With -d it would serve one client and end.
taskset -c "$server_core" nbd-server -C "$dir/nbd-server.conf" -p "$dir/nbd-server.pid" 2>/dev/null
wait_for test -s "$dir/nbd-server.pid"
pids+=("$(cat "$dir/nbd-server.pid")")
served nbd-server nbd $port x

next_port
truncate -s $size "$dir/qemu-nbd.img"
start qemu-nbd qemu-nbd -t -f raw -b 127.0.0.1 -p $port -x x "$dir/qemu-nbd.img"
served qemu-nbd nbd $port x

next_port
truncate -s $size "$dir/tgt.img"
target=iqn.2000-01.org.example:bench
start tgt tgtd -f --iscsi "portal=127.0.0.1:$port" --control-port 2077
tgt() {
    tgtadm --control-port 2077 --lld iscsi "$@"
}
wait_for tgt --op new --mode target --tid 1 --targetname $target
# One PDU per request and answer, as with the others.
for key in MaxRecvDataSegmentLength MaxXmitDataSegmentLength FirstBurstLength \
    MaxBurstLength; do
    tgt --op update --mode target --tid 1 --name $key --value 262144
done
tgt --op new --mode logicalunit --tid 1 --lun 1 --backing-store "$dir/tgt.img"
tgt --op bind --mode target --tid 1 --initiator-address ALL
served tgt iscsi $port $target

servers=(raw calls lendmem sparse malloc nbd-server qemu-nbd tgt)
for server in "${servers[@]}"; do
    wait_for is_up "$server"
done

# --- memory ---------------------------------------------------------------------

resident_kib() { # NAME
    sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/${pid_of[$1]}/status"
}

# Starts a server again; nothing is stored in it.
restart() { # NAME
    kill "${pid_of[$1]}"
    wait "${pid_of[$1]}" 2>/dev/null || true
    case $1 in
    lendmem) start_lendmem "${port_of[lendmem]}" ;;
    *) start_memory "$1" "${port_of[$1]}" ;;
    esac
    wait_for is_up "$1"
}

# Memory per byte stored, beyond what a server takes that stores nothing:
# every 16th page of 256 MiB, or 64 MiB whole.  Sets per_byte.
memory_per_byte() { # NAME PATTERN LENGTH SIZE STORED_KIB
    local with

    restart "$1"
    run "$1" fill "$2" "$3" 4 "$4" >/dev/null
    with=$(resident_kib "$1")
    per_byte=$(awk "BEGIN { printf \"%.2f\", ($with - $empty_kib) / $5 }")
}

# malloc takes its memory when it starts.
empty_kib=$(resident_kib sparse)
echo 'memory taken per byte stored'
printf '%-12s %22s %22s\n' '' '4 KiB here and there' '64 MiB in a row'
for server in lendmem sparse malloc; do
    memory_per_byte $server strided 4k 256m 16384
    scattered=$per_byte
    memory_per_byte $server sequential 128k 64m 65536
    printf '%-12s %22s %22s\n' $server "$scattered" "$per_byte"
done
for server in lendmem sparse malloc; do
    restart $server
done

# --- speed ----------------------------------------------------------------------

workloads=('read random 4k 1' 'write random 4k 1' 'read random 4k 32'
    'write random 4k 32' 'read sequential 128k 1' 'write sequential 128k 1')
for server in "${servers[@]}"; do
    run "$server" fill sequential 128k 1 >/dev/null
done
for ((round = 0; round < rounds; round++)); do
    for i in "${!workloads[@]}"; do
        for server in "${servers[@]}"; do
            # shellcheck disable=SC2086
            echo "$i $round $server $(run "$server" ${workloads[i]})"
        done
    done
done >"$dir/figures"

# Medians of microseconds and of requests per second; the ratio to raw is the
# median of the rounds' ratios.
awk -v names="${servers[*]}" -v rounds="$rounds" '
function median(list, n,    i, j, x) {
    for (i = 2; i <= n; i++) {
        x = list[i]
        for (j = i - 1; j >= 1 && list[j] > x; j--) list[j + 1] = list[j]
        list[j + 1] = x
    }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
{ rate[$1, $2, $3] = $4 }
END {
    n = split(names, name, " ")
    for (w = 0; w < 6; w++)
        for (s = 1; s <= n; s++) {
            for (r = 0; r < rounds; r++) {
                all[r + 1] = rate[w, r, name[s]]
                raw = rate[w, r, "raw"]
                if (raw < rate[w, r, "calls"]) raw = rate[w, r, "calls"]
                of_raw[r + 1] = rate[w, r, name[s]] / raw
            }
            print w, name[s], median(all, rounds), median(of_raw, rounds)
        }
}' "$dir/figures" >"$dir/medians"

rate() { # WORKLOAD SERVER COLUMN
    awk -v w="$1" -v s="$2" -v c="$3" '$1 == w && $2 == s { print $c }' \
        "$dir/medians"
}

echo
echo "medians of $rounds rounds of $slice_ms ms: microseconds, thousands a second, MiB/s;"
echo 'and the rate as a share of the faster raw one (the median of the rounds)'
printf '%-12s %16s %16s %16s %16s %16s %16s\n' '' 'read 4k QD1' 'write 4k QD1' \
    'read 4k QD32' 'write 4k QD32' 'read 128k' 'write 128k'
for server in "${servers[@]}"; do
    printf '%-12s' "$server"
    for i in 0 1 2 3 4 5; do
        case $i in
        [01]) unit='1000000 /' ;;
        [23]) unit='0.001 *' ;;
        *) unit='0.125 *' ;;
        esac
        awk -v per_s="$(rate $i "$server" 3)" -v of_raw="$(rate $i "$server" 4)" \
            "BEGIN { printf \" %9.1f (%.2f)\", $unit per_s, of_raw }"
    done
    echo
done
echo 'calls: raw, in as many system calls as nbdkit makes per request'

least() { # A B
    awk "BEGIN { print $1 < $2 ? $1 : $2 }"
}
qd1=$(least "$(rate 0 lendmem 4)" "$(rate 1 lendmem 4)")
qd1=$(awk "BEGIN { printf \"%.2f\", 1 / $qd1 }")
qd32=$(least "$(rate 2 lendmem 4)" "$(rate 3 lendmem 4)")
qd32=$(awk "BEGIN { printf \"%.2f\", $qd32 }")
echo "lendmem: qd1 $qd1 (<= 1.50 of raw) qd32 $qd32 (>= 0.75 of raw)"
awk "BEGIN { exit !($qd1 <= 1.5 && $qd32 >= 0.75) }"
