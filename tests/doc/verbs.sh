#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The verbs of the synopsis are those of balancerctl(8), under the same
# headings and with the same words, and those that the daemon knows.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

synopsis=$abs_top_srcdir/man/balancerctl.synopsis
page=$abs_top_srcdir/man/balancerctl.pod

# Usage lines.
grep -E '^[a-z-]+( [^=]|$)' "$synopsis" >"$dir/synopsis"
[ "$(wc -l <"$dir/synopsis")" -ge 12 ] || fail 'too few verbs'
sed -n '/^=head1 VERBS/,/^=head1 FIELDS/p' "$page" |
    sed -n 's/^=item B<< \(.*\) >>$/\1/p' >"$dir/page"
diff <(sort "$dir/synopsis") <(sort "$dir/page") ||
    fail 'synopsis (<) and man page (>) differ'

# Headings.
awk '/^\[/ { topic = substr($0, 2, length($0) - 2) }
    /^[a-z-]+( [^=]|$)/ { print topic ": " $1 }' "$synopsis" >"$dir/topics"
awk '/^=head1/ { verbs = $2 == "VERBS" } !verbs { next }
    /^=head2/ { topic = substr($0, 8) }
    /^=item B<< / { print topic ": " $3 }' "$page" >"$dir/page"
diff "$dir/topics" "$dir/page" ||
    fail 'topics or order of synopsis (<) and man page (>) differ'

# Old names.
sed -n 's/^\([a-z-]*\) = .*/\1/p' "$synopsis" >"$dir/aliases"
[ -s "$dir/aliases" ] || fail 'no old names'
while read -r alias; do
    grep -qF "B<$alias>" "$page" || fail "the man page does not mention $alias"
done <"$dir/aliases"

# Every key of a verb is explained below it.
while read -r verb words; do
    sed -n "/^=item B<< $verb /,/^=item B<< \|^=head2/p" "$page" |
        tail -n +2 >"$dir/section"
    for word in $words; do
        [[ $word =~ ([a-z-]+)= ]] || continue
        grep -qF "B<${BASH_REMATCH[1]}=" "$dir/section" ||
            fail "$verb: the man page does not explain ${BASH_REMATCH[1]}="
    done
done <"$dir/synopsis"

# Selectors are fields of the list, and the man page has them all.
sed -n '/^<vm-selectors> =/,/^$/p' "$synopsis" | grep -oE '\[[a-z-]+=' |
    tr -d '[=' | sort >"$dir/selectors"
sed -n '/^=head2 Selecting/,/^=head1/p' "$page" | grep '^=item' |
    grep -oE 'B<[a-z-]+=>' | sed 's/^B<//; s/=>$//' | sort >"$dir/page"
diff "$dir/selectors" "$dir/page" ||
    fail 'selectors of synopsis (<) and man page (>) differ'
start
ask 0 vm-list params=all domid=0
sed 's/ ([ M]R[OW]).*//; s/ //g' "$dir/out" | sort >"$dir/fields"
diff <(grep -v '^vm$' "$dir/selectors") \
    <(grep -vx -e reason -e memory "$dir/fields") ||
    fail 'selectors (<) and fields (>) differ'
sed -n '/^<vm-fields> =/,/^$/p' "$synopsis" | grep -oE '\[[a-z-]+=' |
    tr -d '[=' | sort >"$dir/page"
diff <(grep -vx -e vm -e uuid "$dir/selectors") "$dir/page" ||
    fail '<vm-selectors> (<) and <vm-fields> (>) differ'
fields_of() { # HEADING
    sed -n "/^=head2 $1/,/^=head/p" "$page" | grep '^=item' |
        grep -oE 'I<[a-z-]+>' | sed 's/^I<//; s/>$//' | sort
}
fields_of 'Fields of domains' >"$dir/page"
diff "$dir/fields" "$dir/page" ||
    fail 'fields of the daemon (<) and of the man page (>) differ'
ask 0 host-list params=all
sed 's/ ( R[OW]).*//; s/ //g' "$dir/out" | sort >"$dir/fields"
fields_of 'Fields of the host' >"$dir/page"
diff "$dir/fields" "$dir/page" ||
    fail 'fields of the host (<) and of the man page (>) differ'
sed -n '/^<host-fields> =/,/^$/p' "$synopsis" | grep -oE '\[[a-z-]+=' |
    tr -d '[=' | sort >"$dir/page"
diff <(grep -vx uuid "$dir/fields") "$dir/page" ||
    fail 'fields of the host (<) and <host-fields> (>) differ'

# The daemon knows every verb and takes every key, but those of what is
# balancerctl's own.
while read -r verb words; do
    case $verb in
    top | vm-start) continue ;;
    esac
    params=
    for word in $words; do
        [[ $word =~ ([a-z-]+)= ]] || continue
        params+=",\"${BASH_REMATCH[1]}\":\"!\""
    done
    echo "{\"jsonrpc\":\"2.0\",\"id\":\"$verb\",\"method\":\"$verb\",\"params\":{${params#,}}}"
done <"$dir/synopsis" >"$dir/requests"
perl "$abs_top_srcdir/tests/cli/talk" "$socket" "$(wc -l <"$dir/requests")" \
    <"$dir/requests" >"$dir/out"
[ "$(wc -l <"$dir/out")" = "$(wc -l <"$dir/requests")" ] || fail 'no answers'
if grep -E '"code":-32601|Unknown (parameter|field .[a-z])' "$dir/out"; then
    fail 'the daemon does not know that'
fi
echo '{"jsonrpc":"2.0","id":1,"method":"vm-start"}' |
    perl "$abs_top_srcdir/tests/cli/talk" "$socket" 1 >"$dir/out"
says out '"code":-32601'

# Help has them all, and no old names.
ask 0 help
while read -r verb _; do
    says out "  $verb "
done <"$dir/synopsis"
while read -r alias; do
    ! grep -qF "$alias" "$dir/out" || fail "help mentions $alias"
done <"$dir/aliases"
