#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What bash offers when Tab is pressed.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# bash has it only while it completes.
compopt() {
    echo "$2" >>"$dir/options"
}

# shellcheck source=scripts/completion/balancerctl
. "$abs_top_srcdir/scripts/completion/balancerctl"

# Presses Tab at the end of the line, which bash splits as it does.
press() { # LINE
    COMP_LINE=$1 COMP_POINT=${#1}
    mapfile -t COMP_WORDS < <(grep -oE '[=:]|([^=: \\]|\\.)+' <<<"$1")
    [[ $1 != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    : >"$dir/options"
    _balancerctl "$balancerctl"
    printf '%s\n' "${COMPREPLY[@]}" >"$dir/out"
}

offers() { # LINE WORD...
    local line=$1

    shift
    press "$line"
    diff <(printf '%s\n' "$@" | sort) <(sort "$dir/out") || fail "$line"
}

with() { # OPTION
    grep -qx "$1" "$dir/options" || fail "it is not completed with $1"
}

# Verbs: exactly those of help, which needs no daemon.
ask 0 help --minimal
tr , '\n' <"$dir/out" >"$dir/verbs"
[ "$(wc -l <"$dir/verbs")" -ge 20 ] || fail 'too few verbs'
press 'balancerctl '
diff <({ cat "$dir/verbs"; echo help; } | sort) <(sort "$dir/out") ||
    fail 'verbs of help (<) and offered ones (>) differ'
press 'balancerctl help '
diff <(sort "$dir/verbs") <(sort "$dir/out") || fail 'not the verbs'
offers 'balancerctl memory-rel' memory-release
offers 'balancerctl vm-memory-b' ''
offers 'balancerctl frob' ''
offers 'balancerctl frob ' ''
offers 'balancerctl help vm-list ' ''
offers 'balancerctl --m' --minimal

# Keys: those of the usage that are not there yet.
while read -r verb; do
    ask 0 help "$verb" --minimal
    sed 's/\\,/;/g; s/,/\n/g' "$dir/out" | sed 's/=.*/=/' >"$dir/keys"
    press "balancerctl $verb "
    diff <(sort "$dir/keys") <(sort "$dir/out") || fail "keys of $verb"
done <"$dir/verbs"
offers 'balancerctl memory-release i' id=
with nospace
offers 'balancerctl memory-release id=5 ' key=
offers 'balancerctl vm-memory-target-set --multiple target=1g --m' --minimal
offers 'balancerctl vm-memory-target-set --mu' --multiple

# Values that stand in the synopsis, and files.
mkdir "$dir/xl"
touch "$dir/xl/mail.cfg" "$dir/xl/web server.cfg"
cd "$dir/xl"
offers 'balancerctl vm-list is-control-domain=' true false
offers 'balancerctl vm-start config=m' mail.cfg
with filenames
offers 'balancerctl vm-start config=' mail.cfg 'web\ server.cfg'
offers 'balancerctl --socket=m' mail.cfg
offers 'balancerctl vm-start colour=' ''
offers 'balancerctl vm-list memory-target=' ''

# Nobody there to ask for the others.
offers "balancerctl --socket=$socket vm-list vm=" ''

# What lives.
sed -i 's/^name = web/name = web: 1/' "$dir/host.scn"
start
begin="balancerctl --socket=$socket"
offers "$begin vm-list uuid=1" "$web_uuid"
offers "$begin vm-param-get uuid=2" "$db_uuid"
offers "$begin vm-list name-label=" Domain-0 'web:\ 1' db
offers "$begin vm-list vm=d" db
offers "$begin vm-list vm=w" 'web:\ 1'
offers "$begin vm-list vm=web:" '\ 1'
offers "$begin vm-list vm=22" "$db_uuid"
offers "$begin vm-list power-state=" running
offers "$begin vm-memory-explain domid=" 0 1 2
offers "$begin vm-list params=memory-d" memory-dynamic-max memory-dynamic-min
with nospace
offers "$begin vm-list params=uuid,memory-ta" uuid,memory-target
offers "$begin vm-param-get uuid=x param-name=rea" reason
ask 0 host-list --minimal
host=$(cat "$dir/out")
offers "$begin host-param-list uuid=" "$host"
offers "$begin host-param-get uuid=$host param-name=memory-free" \
    memory-free memory-free-computed
offers "$begin memory-reserve uuid=1" "$web_uuid"
ask 0 memory-reserve size=1m owner=backup
id=$(cat "$dir/out")
offers "$begin memory-release id=" "$id"
offers "$begin memory-reservation-list state=" granted
offers "$begin memory-reservation-list owner=" backup
offers "$begin vm-engine-set engine=" default
offers "$begin event-list kind=" ''
