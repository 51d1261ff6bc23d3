#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What it costs to be looked at: the daemon's CPU time with 100 simulated
# domains at rest, and with metrics scraped every second and one balancerctl top
# attached; and the memory of a day of history of 100 domains.
# shellcheck source=tests/bench/common.sh
. "$top/tests/bench/common.sh"

seconds=30

bench_make balancerd/balancerd
bench_make balancerd/cli/balancerctl
bench_make tests/bench/history
work=$(mktemp -d)
pids=()
cleanup() {
    kill "${pids[@]}" || true
    wait "${pids[@]}" || true
    tmux -S "$work/tmux" kill-server 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
    Listen => 1, LocalAddr => "127.0.0.1")->sockport')
printf '[metrics]\nlisten = %s\n' "$port" >"$work/balancerd.conf"
bench_hundred "$work"
pids+=("$bench_pid")
idle=$(bench_cpu_percent $seconds)
idle_kib=$(bench_rss_kib)

perl -MHTTP::Tiny -e '
    my $n = 0;
    while (1) {
        my $answer = HTTP::Tiny->new->get("http://127.0.0.1:$ARGV[0]/metrics");
        die "no metrics\n" unless $answer->{success};
        syswrite(STDOUT, ++$n . " " . length($answer->{content}) . "\n");
        sleep 1;
    }' "$port" >"$work/scrapes" &
pids+=($!)
scraped=$(bench_cpu_percent $seconds)
tmux -S "$work/tmux" -f /dev/null new-session -d -s top -x 80 -y 24 \
    "exec '$bench_build/balancerd/cli/balancerctl' --socket='$work/socket' top"
watched=$(bench_cpu_percent $seconds)
tmux -S "$work/tmux" capture-pane -p -t top | grep -q '^balancerctl top'
watched_kib=$(bench_rss_kib)
read -r n_scrapes n_bytes < <(tail -n 1 "$work/scrapes")
[ "$n_scrapes" -ge $((seconds * 2 - 5)) ]

read -r history_kib sample_ns < <("$bench_build/tests/bench/history" 100)
ratio=$(awk "BEGIN { printf \"%.0f\", $watched / $idle }")
echo "at rest $idle % of a core, $idle_kib KiB; scraped $scraped %" \
    "($n_bytes bytes a second); with top, too, $watched %, $watched_kib KiB"
echo "a day of history of 100 domains: $history_kib KiB, $sample_ns ns a sample"
bench_verdict observe "100 domains scraped every second, and a top: \
$watched % of a core, $ratio x idle ($idle %); a day of history $history_kib KiB" \
    '< 1 %, < 4096 KiB' "$watched < 1 && $history_kib < 4096"
