#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# balancerctl top on a terminal: what is on the screen, what keys do, and what
# becomes of it when the screen changes its size.  And without a terminal.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

command -v tmux >/dev/null || exit 77

# A server of our own, which no configuration of the user changes.
term() {
    tmux -S "$dir/tmux" -f /dev/null "$@"
}

screen() {
    term capture-pane -p -t top >"$dir/out"
}

shows() { # REGEX
    screen
    grep -qE -- "$1" "$dir/out"
}

shows_not() { # REGEX
    screen
    ! grep -qE -- "$1" "$dir/out"
}

press() { # KEY...
    term send-keys -t top "$@"
}

end_term() {
    if [ -S "$dir/tmux" ]; then
        term kill-server || true
    fi
    cleanup
}
trap end_term EXIT

# One that does not follow, as top has to say so.
sed -i 's/^\[domain 2\]/[domain 2]\ncharacter = stuck/' "$dir/host.scn"
start
wait_for 'rest' vm_is web state ready

# --- no terminal ---------------------------------------------------------------

ask 0 top count=1
grep -qE '^balancerctl top  [0-9:]{8}  3 domains, 0 stuck, 0 thrashing; by domid$' \
    "$dir/out" || fail 'no title'
grep -qE '^host 4096 MiB \|X+0+#+r+\.*\|$' "$dir/out" || fail 'no bar of the host'
says out 'X Xen 100, 0 dom0 1024, # domains 2880, r reserved 72, . free 20'
grep -qE '^ +1 web +ready +256 +1024 +1024 +1024 #+\[#+\|$' "$dir/out" ||
    fail 'no line of web'
[ "$(wc -l <"$dir/out")" = 8 ] || fail 'not 8 lines'
[ "$(awk '{ if (length > n) n = length } END { print n }' "$dir/out")" -le 100 ] ||
    fail 'it does not fit into 100 columns'
ask 0 top count=3 interval=100ms
[ "$(grep -c '^balancerctl top' "$dir/out")" = 3 ] || fail 'not three tables'
ask 0 top count=2 interval=100ms --minimal
[ "$(cat "$dir/out")" = "$(printf '20971520\n20971520')" ] ||
    fail 'minimal is not the free memory'
ask 0 top count=1 --json
says out '"total_kib": 4194304'
ask 2 top interval=1ms
says err 'The interval is 100ms to 1h, not 1ms'
ask 2 top count=0
says err "Failed to parse field 'count'"

# --- a serial console ----------------------------------------------------------

term new-session -d -s top -x 80 -y 24 \
    "exec env TERM=vt100 '$balancerctl' --socket='$socket' top interval=200ms 2>'$dir/err'"
wait_for 'screen' shows '^q quit'
[ "$(wc -l <"$dir/out")" -le 24 ] || fail 'more than 24 rows'
grep -qE '^host 4096 MiB \|X+0+#+r+\.*\|$' "$dir/out" || fail 'no bar of the host'
grep -qE '^>    0 Domain-0 ' "$dir/out" || fail 'the first is not picked'
grep -qE '^     1 web +ready +256 +1024 +1024 +1024 #+\[#+\|$' "$dir/out" ||
    fail 'no line of web'
[ "$(awk '{ if (length > n) n = length } END { print n }' "$dir/out")" -le 80 ] ||
    fail 'it does not fit into 80 columns'

# Pick, sort, turn round.
press Down
wait_for 'that web is picked' shows '^>    1 web'
press s
wait_for 'order by name' shows 'by name'
grep -E '^[> ] +[0-9]+ ' "$dir/out" | grep -oE 'Domain-0|db|web' >"$dir/order"
[ "$(tr '\n' ' ' <"$dir/order")" = 'Domain-0 db web ' ] || fail 'not by name'
grep -qE '^>    1 web' "$dir/out" || fail 'another one is picked'
press o
wait_for 'order turned round' shows 'by name, reversed'
grep -E '^[> ] +[0-9]+ ' "$dir/out" | grep -oE 'Domain-0|db|web' >"$dir/order"
[ "$(tr '\n' ' ' <"$dir/order")" = 'web db Domain-0 ' ] || fail 'not turned round'

# A range, through the request that its verb makes.
press r
wait_for 'prompt' shows '^range of web, MIN MAX: 256m 1024m_$'
press Escape
wait_for 'help line' shows '^q quit'
press r
wait_for 'prompt' shows '^range of web'
press C-u
press -l '256m 512m'
wait_for 'what is typed' shows '^range of web, MIN MAX: 256m 512m_$'
press Enter
wait_for 'the new range' shows '^>    1 web .* 256 +512 +512 +512 #'
vm_is web memory-dynamic-max 536870912 || fail 'the range is not set'
press r
wait_for 'prompt' shows '^range of web'
press C-u
press -l '2g 1g'
press Enter
wait_for 'refusal' shows 'dynamic'
vm_is web memory-dynamic-max 536870912 || fail 'a bad range is set'
press r
wait_for 'prompt' shows '^range of web'
press C-u
press -l '1g'
press Enter
wait_for 'complaint' shows '^Two sizes are needed'

# Its guest does not give what it is to give.
ask 0 vm-memory-dynamic-range-set vm=db min=512m max=1g
wait_for 'mark of a stuck domain' shows '^ +2 db +STUCK '
shows '3 domains, 1 stuck, 0 thrashing' || fail 'the title does not count it'

# Help, and back.
press h
wait_for 'help' shows 'Escape leaves it as it is'
press x
wait_for 'list' shows '^>    1 web'

# Larger, smaller, and back.
term resize-window -t top -x 132 -y 40
wait_for 'a wider screen' shows '\|.{90,}\|$'
[ "$(grep -n '^q quit' "$dir/out" | cut -d : -f 1)" = 40 ] ||
    fail 'the help line is not at the bottom'
term resize-window -t top -x 50 -y 8
wait_for 'a smaller screen' shows '^>    1 web'
grep -q . "$dir/out" || fail 'nothing is shown'
term resize-window -t top -x 80 -y 24
wait_for 'the old size' shows '^ +2 db .* \|?[#.[]'

# The daemon goes away, and comes back.
kill -TERM "$pid"
stopped 0
wait_for 'that it is missed' shows '(Cannot connect|Lost the connection)'
start
wait_for 'that it is back' shows_not '(Cannot connect|Lost the connection)'

press q
wait_for 'its end' eval '! term has-session -t top 2>/dev/null'
[ ! -s "$dir/err" ] || fail 'it complained'

# A terminal that nobody knows gets lines.
term new-session -d -s top -x 100 -y 30 \
    "env TERM=unheard-of '$balancerctl' --socket='$socket' top count=1 >'$dir/lines' 2>&1"
wait_for 'lines' grep -q '^balancerctl top' "$dir/lines"
wait_for 'its end' eval '! term has-session -t top 2>/dev/null'

# Its terminal goes away, and nothing tells it so: no reason to go on.
term new-session -d -s top -x 80 -y 24 \
    "trap '' HUP; echo \$\$ >'$dir/top.pid'; exec '$balancerctl' --socket='$socket' top"
wait_for 'the screen' shows '^>? +[0-9]+ web'
term kill-server
wait_for 'its end' eval '! kill -0 "$(cat "$dir/top.pid")" 2>/dev/null'
