#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Clients that are many, or deaf, or gone: the daemon goes on for the others.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

cat >"$dir/crowd.pl" <<'END'
use strict;
use warnings;
use IO::Socket::UNIX;

# KIND SOCKET N: N clients that ask and never read ("deaf"), that say nothing
# ("mute"), or that leave before the answer ("hasty").
my ($kind, $path, $n) = @ARGV;
my $request = '{"jsonrpc":"2.0","id":1,"method":"host-memory-show"}' . "\n";
my @clients;
local $SIG{PIPE} = 'IGNORE';
for (1 .. $n) {
    my $client = IO::Socket::UNIX->new(Peer => $path) or die "$path: $!\n";
    $client->blocking(0);
    my $sent = $kind eq 'mute' ? 0 : syswrite $client, $request x 5000;
    push @clients, $client unless $kind eq 'hasty';
}
$| = 1;
print "there\n";
<STDIN>;
END

crowd() { # KIND N
    coproc { exec perl "$dir/crowd.pl" "$1" "$socket" "$2"; }
    read -r -t 60 word <&"${COPROC[0]}" || fail 'no crowd'
    [ "$word" = there ] || fail 'no crowd'
}

disperse() {
    local crowd_pid=$COPROC_PID

    echo >&"${COPROC[1]}"
    wait "$crowd_pid"
    wait_for 'empty room' is_alone
}

# As long as the daemon has not seen all of a crowd leave, there may be no room.
is_alone() {
    "$balancerctl" --socket="$socket" balancer-status 2>"$dir/err" |
        grep -q '^clients *: 1$'
}

is_idle() {
    local before

    before=$(cut -d ' ' -f 14,15 "/proc/$pid/stat")
    sleep 0.2 # it is busy or it is not
    [ "$(cut -d ' ' -f 14,15 "/proc/$pid/stat")" = "$before" ]
}

rss_kib() {
    awk '$1 == "VmRSS:" { print $2 }' "/proc/$pid/status"
}

start
is_alone || fail 'there is somebody else'
before=$(rss_kib)

crowd hasty 200
disperse
crowd deaf 40
ask 0 host-memory-show
wait_for 'rest of the daemon' is_idle
# A sanitizer keeps what was freed.
grep -q __asan_init "$balancerd" || [ $(($(rss_kib) - before)) -lt 65536 ] ||
    fail 'the daemon has grown too much'
disperse

# One place is always missing.
crowd mute 64
ask 1 balancer-status
says err 'Too many clients are connected'
disperse
ask 0 host-memory-show
