# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# The story of the demonstration, the same on Xen and on the simulated host.
# Who sources it defines: story_config NAME TYPE MEMORY_MIB MAXMEM_MIB (prints
# a path), story_up NAME, story_destroy NAME; and sets story_screen.

story_deadline_s=90
story_screen=${story_screen:-log}
story_pause_s=${story_pause_s:-0.3}

tell() {
    printf '\n== %s\n' "$1"
    shift
    [ $# -eq 0 ] || printf '   %s\n' "$@"
    echo
}

story_fail() {
    echo "demo: $*" >&2
    exit 1
}

# Draws the table; on a terminal over the one before.
draw() {
    local table
    table=$(balancerctl host-memory-show) || story_fail "balancerd is gone"
    [ "$table" != "$story_table" ] || return 0
    story_table=$table
    if [ "$story_screen" = terminal ] && [ "$story_lines" -gt 0 ]; then
        printf '\033[%dA\033[J' "$story_lines"
    fi
    [ "$story_screen" = terminal ] || echo
    printf '%s\n' "$table"
    story_lines=$(wc -l <<<"$table")
}

# The table, live, until the command succeeds; a log shows what changed.
watch_until() {
    local end=$((SECONDS + story_deadline_s)) frame=0
    story_lines=0
    story_table=''
    draw
    until "$@"; do
        [ $SECONDS -lt $end ] || story_fail "waited too long for: $*"
        sleep "$story_pause_s" # between two frames
        frame=$((frame + 1))
        if [ "$story_screen" = terminal ] || [ $((frame % 5)) -eq 0 ]; then
            draw
        fi
    done
    draw
}

says_rest() {
    balancerctl balancer-status --json | grep -q '"is_at_rest": *true'
}

# Two looks: what was done a moment ago may not have had its effect.
at_rest() {
    local before
    before=$(targets)
    says_rest || return 1
    sleep "$story_pause_s" # between the looks
    says_rest && [ "$before" = "$(targets)" ]
}

targets() {
    balancerctl vm-list params=domid,memory-target
}

# Starts a guest through the balancer, its range from MIN up to its maximum.
start() {
    local name=$1 type=$2 memory=$3 max=$4 min=$5
    balancerctl vm-start "config=$(story_config "$name" "$type" "$memory" "$max")" \
        "dynamic-min=${min}MiB" "dynamic-max=${max}MiB"
}

ended() {
    ! kill -0 "$1" 2>/dev/null
}

story_three() {
    tell "Three guests: web and db (PV), cache (PVH)" \
        "Each may have 128 to 384 MiB: 1152 MiB together, more than there is." \
        "They start with 160 MiB; balancerd shares the rest by what they need:" \
        "idle as they are, all get about the same."
    start web pv 160 384 128 || story_fail "web was not started"
    start db pv 160 384 128 || story_fail "db was not started"
    start cache pvh 160 384 128 || story_fail "cache was not started"
    story_up web
    story_up db
    story_up cache
    watch_until at_rest
}

story_fourth() {
    local client said
    said=$(mktemp)
    tell "A fourth guest, mail, wants 200 MiB: there is no room" \
        "vm-start asks balancerd first. It can be done: the others are above" \
        "their floors. They are squeezed, the memory is reserved, mail starts."
    # What it says comes after the table, which is redrawn meanwhile.
    start mail pv 200 200 200 >"$said" 2>&1 &
    client=$!
    watch_until ended "$client"
    cat "$said"
    rm "$said"
    wait "$client" || story_fail "mail was not started"
    story_up mail
    tell "mail is up. The others gave what it needed:"
    watch_until at_rest
}

story_impossible() {
    local before config
    before=$(targets)
    tell "A fifth, huge, wants 4 GiB: that can never be" \
        "The answer comes at once, says who could give what and what stops" \
        "each from giving more, and nobody's target is changed:"
    config=$(story_config huge pv 4096 4096)
    if balancerctl vm-start "config=$config" 2>&1; then
        story_fail "a guest of 4 GiB was started"
    fi
    [ "$(targets)" = "$before" ] || story_fail "targets were changed"
    tell "Refused, and all targets are what they were."
}

story_back() {
    tell "db is destroyed" "Its memory flows back to the others:"
    story_destroy db
    watch_until at_rest
}

story() {
    tell "This is the host" \
        "total = Xen + dom0 + domains + reserved + free: the sum closes."
    balancerctl host-memory-show
    story_three
    story_fourth
    story_impossible
    story_back
    tell "That was it. Try it yourself: scripts/demo --shell"
}
