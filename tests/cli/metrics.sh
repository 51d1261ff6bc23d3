#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Metrics over HTTP: well-formed for a parser that is not ours, where and when
# they are wanted, and whatever clients send.
# shellcheck source=tests/cli/metrics.bash
. "${abs_top_srcdir:?}/tests/cli/metrics.bash"

# A name that would break the format.
sed -i 's/^name = db/name = d"b\\\\}/' "$dir/host.scn"
start
has_logged "metrics are at http://127.0.0.1:$port/metrics" ||
    fail 'it does not say where'
wait_for 'rest' vm_is web state ready

[ "$(get GET /metrics)" = '200 text/plain; version=0.0.4; charset=utf-8' ] ||
    fail 'not what Prometheus takes'
says out "xen_balancer_domain_memory_actual_bytes{domid=\"1\",uuid=\"$web_uuid\",name=\"web\"} 1073741824"
awk '/^xen_balancer_host_memory_bytes/ { sum += $2 }
    /^xen_balancer_host_memory_size_bytes/ { size = $2 }
    END { exit !(sum == size && size == 4294967296) }' "$dir/out" ||
    fail 'the sum does not close'

# By Prometheus' own parser for Python, and its conventions.
cat >"$dir/check.py" <<'END'
import re, sys
from prometheus_client.parser import text_string_to_metric_families

families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
assert len(families) >= 25, len(families)
seen = set()
for family in families:
    assert re.fullmatch(r"(xen_balancer|process)_[a-z0-9_]+", family.name)
    assert family.documentation.endswith((".", "?")), family.name
    assert family.type in ("gauge", "counter", "histogram"), family.name
    assert not family.name.endswith(("_kib", "_ms", "_us")), family.name
    assert family.samples, family.name
    for sample in family.samples:
        if family.type == "counter":
            assert sample.name.endswith("_total"), sample.name
        elif family.type == "gauge":
            assert not sample.name.endswith("_total"), sample.name
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in seen, key
        seen.add(key)
    if family.type == "histogram":
        counts = [s.value for s in family.samples if s.name.endswith("_bucket")]
        assert counts == sorted(counts), family.name
names = {s.labels["name"] for f in families for s in f.samples
         if "name" in s.labels}
print(sorted(names))
END
/usr/bin/python3 "$dir/check.py" "$dir/out" >"$dir/names" ||
    fail 'a parser refuses it, or there is none (scripts/setup)'
grep -qF 'd"b' "$dir/names" || fail "a name is not what it was"
if command -v promtool >/dev/null; then
    promtool check metrics <"$dir/out" >"$dir/err" 2>&1 ||
        fail 'promtool complains'
fi

# What has happened is counted.
ask 1 memory-reserve size=64GiB
ask 0 memory-reserve size=64MiB --minimal
ask 0 vm-memory-dynamic-range-set vm=web min=256MiB max=512MiB
wait_for 'target' has_logged 'dom 1: target'
is_counted() { # REGEX
    get GET /metrics >"$dir/status"
    grep -qE "^xen_balancer_$1\$" "$dir/out"
}
wait_for 'refusal' is_counted 'reservations_refused_total 1'
wait_for 'grant' is_counted 'reservations\{state="granted"\} 1'
wait_for 'end of a squeeze' is_counted 'squeeze_duration_seconds_count [1-9][0-9]*'
wait_for 'range' is_counted "domain_memory_dynamic_max_bytes\\{domid=\"1\".* 536870912"
is_counted 'loop_lag_seconds_count [1-9][0-9]*' || fail 'no lag of the loop'
is_counted 'tick_duration_seconds_sum [0-9]+\.[0-9]{6}' || fail 'no times of ticks'

# Nothing else is there.
[[ $(get GET /) == 404* ]] || fail 'there is another page'
[[ $(get GET '/metrics/%3Cscript%3E') == 404* ]] || fail 'there is another page'
grep -q script "$dir/out" && fail 'it repeats what it was asked'
[[ $(get HEAD /metrics) == 200* ]] || fail 'HEAD is refused'
[ ! -s "$dir/out" ] || fail 'HEAD has a body'
[[ $(get POST /metrics) == 501* ]] || fail 'POST is not refused'

# --- whatever clients send -----------------------------------------------------

n_descriptors() {
    local fds=("/proc/$pid/fd/"*)

    echo ${#fds[@]}
}
before=$(n_descriptors)
perl -MIO::Socket::INET -e '
    my ($port) = @ARGV;
    sub client { IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") }
    $SIG{PIPE} = "IGNORE";
    srand(1);
    for my $bytes ("\0" x 70000, "GET /metrics", "GET\r\n\r\n", "\r\n" x 5000,
            "GET /metrics HTTP/1.1\r\n" . "a: b\r\n" x 20000,
            "GET /" . "x" x 100000 . " HTTP/1.0\r\n\r\n",
            "GET /metrics HTTP/9.9\r\n\r\n", "GET % HTTP/1.1\r\n\r\n",
            "GET http://x:y:z/ HTTP/1.1\r\nHost: \xff\r\n\r\n",
            "HEAD /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
            map { join "", map { chr rand 256 } 1 .. rand 3000 } 1 .. 40) {
        my $socket = client() or next;
        print $socket $bytes;
        $socket->shutdown(1) if rand() < 0.5;
    }' "$port"
[[ $(get GET /metrics) == 200* ]] || fail 'no answer after garbage'

# Many who connect and say nothing: not all are let in, all else goes on, and who
# comes after them is served when these have had their time.
perl -MIO::Socket::INET -e '
    my @all = map { IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]",
        Blocking => 0) } 1 .. 24;
    print "there\n";
    close(STDOUT);
    sleep 60' "$port" >"$dir/crowd" &
crowd=$!
wait_for 'crowd' test -s "$dir/crowd"
now=$(n_descriptors)
[ "$now" -le $((before + 17)) ] || fail "$now descriptors, there were $before"
ask 0 balancer-status --minimal
[[ $(get GET /metrics) == 200* ]] || fail 'nobody else is served'
kill "$crowd"
wait "$crowd" || true
is_as_before() {
    [ "$(n_descriptors)" -le "$before" ]
}
wait_for 'end of all connections' is_as_before

# --- another configuration -----------------------------------------------------

old=$port
port=$(free_port)
printf '[metrics]\nlisten = 127.0.0.1:%s\n' "$port" >"$conf"
kill -HUP "$pid"
wait_for 'new address' has_logged "metrics are at http://127.0.0.1:$port/"
[[ $(get GET /metrics) == 200* ]] || fail 'no answer there'
port=$old
[[ $(get GET /metrics) == 599* ]] || fail 'the old one still answers'
: >"$conf"
kill -HUP "$pid"
wait_for 'that it is off' has_logged 'configuration is read again' 2

# A port that is taken costs the metrics, nothing else.
kill -TERM "$pid"
stopped 0
perl -MIO::Socket::INET -e '
    my $s = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1,
        LocalAddr => "127.0.0.1:$ARGV[0]") or die;
    print "there\n";
    close(STDOUT);
    sleep 60' "$port" >"$dir/taken" &
crowd=$!
wait_for 'other server' test -s "$dir/taken"
printf '[metrics]\nlisten = %s\n' "$port" >"$conf"
start
has_logged "metrics cannot be served at 127.0.0.1:$port: Address already in use" ||
    fail 'it does not say why'
kill "$crowd"
wait "$crowd" || true
kill -HUP "$pid"
wait_for 'second try' has_logged "metrics are at http://127.0.0.1:$port/"
run 1 -n -f /dev/stdin <<<$'[metrics]\nlisten = everywhere'
says err 'listen: expected a port, or an IP address'
