#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The metrics that are served are those of balancerd(8), and the dashboard asks
# for none that is not there.
# shellcheck source=tests/cli/metrics.bash
. "${abs_top_srcdir:?}/tests/cli/metrics.bash"

start
[[ $(get GET /metrics) == 200* ]] || fail 'no metrics'
awk '/^# TYPE / { print $3, $4 }' "$dir/out" | sort >"$dir/served"
[ "$(wc -l <"$dir/served")" -ge 25 ] || fail 'too few metrics'
sed -n '/^=head1 METRICS/,/^=head1 FILES/p' "$abs_top_srcdir/man/balancerd.pod" |
    sed -n 's/^=item B<\([a-z_]*\)>.*, \([a-z]*\)$/\1 \2/p' | sort >"$dir/page"
diff "$dir/served" "$dir/page" ||
    fail 'metrics of the daemon (<) and of the man page (>) differ'

# Queries: every word that has the form of a metric, and labels' names.
sed -n 's/^\([a-z_]*\)[{ ].*/\1/p' "$dir/out" | sort -u >"$dir/samples"
perl -MJSON::PP -0777 -e '
    my $board = decode_json(<STDIN>);
    my %ids;
    for my $panel (@{$board->{panels}}) {
        die "an id is there twice\n" if $ids{$panel->{id}}++;
        die "$panel->{title}: no query\n" unless @{$panel->{targets}};
        die "$panel->{title}: no unit\n"
            unless $panel->{fieldConfig}{defaults}{unit};
        print "$_->{expr}\n" for @{$panel->{targets}};
    }
    for my $variable (@{$board->{templating}{list}}) {
        print "$variable->{query}\n" if $variable->{type} eq "query";
    }' <"$abs_top_srcdir/scripts/grafana/xen-balancer.json" >"$dir/queries" ||
    fail 'the dashboard is not well-formed'
[ "$(wc -l <"$dir/queries")" -ge 20 ] || fail 'too few queries'
grep -oE '(xen_balancer|process)_[a-z_]+' "$dir/queries" | sort -u >"$dir/asked"
comm -13 "$dir/samples" "$dir/asked" >"$dir/unknown"
[ ! -s "$dir/unknown" ] || fail "there is no $(head -n 1 "$dir/unknown")"
while read -r query; do
    [[ $query =~ (xen_balancer|process)_ ]] || fail "no metric: $query"
    opened=${query//[^(\{\[]/} closed=${query//[^)\}\]]/}
    [ ${#opened} = ${#closed} ] || fail "brackets: $query"
done <"$dir/queries"
grep -oE '[{,][a-z]+=' "$dir/queries" | tr -d '{,=' | sort -u |
    grep -vxE 'instance|job' >"$dir/labels"
while read -r label; do
    grep -qE "[{,]$label=\"" "$dir/out" || fail "there is no label $label"
done <"$dir/labels"
