# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For tests of the metrics: a port, and an HTTP client.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# One that nobody listens on now.
free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
        Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

port=$(free_port)
printf '[metrics]\nlisten = %s\n' "$port" >"$conf"

# A request; its answer's status is printed, its body is in out.
get() { # METHOD PATH
    perl -MHTTP::Tiny -e '
        my ($method, $url, $file) = @ARGV;
        my $answer = HTTP::Tiny->new(timeout => 20)->request($method, $url);
        open(my $out, ">", $file) or die;
        print $out $answer->{content};
        print "$answer->{status} ", $answer->{headers}{"content-type"} // ""' \
        "$1" "http://127.0.0.1:$port$2" "$dir/out"
}
