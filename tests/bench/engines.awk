# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads lines of judge, prints tables of engines x scenarios (Markdown), and
# into the file VERDICT what came of it.  Variables: OURS, the engine that is
# judged; all others are its peers.  FLOOR_S: see engines.sh.  BRIEF=1: the
# table of stall only.
function max(a, b) { return a > b ? a : b }

function parse(    i, at) {
    delete v
    for (i = 1; i <= NF; i++) {
        at = index($i, "=")
        v[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
}

function note(measure, value) { cell[measure, v["scenario"], v["engine"]] = value + 0 }

/^scenario=/ {
    parse()
    if (!(v["scenario"] in use)) {
        scenarios[++n] = v["scenario"]
        use[v["scenario"]] = v["use"]
    }
    if (!(v["engine"] in seen)) {
        seen[v["engine"]] = 1
        engines[++m] = v["engine"]
    }
    hours[v["scenario"]] = max(hours[v["scenario"]], v["work_s"] / 3600)
    note("stall", v["stall_s"])
    note("worst", v["worst_s"])
    note("swap", v["in_gib"] + v["out_gib"])
    note("balloon", v["balloon_gib"])
    note("jain", v["jain"])
    note("reserve", v["reserve_s"])
    note("refused", v["refused"])
    note("kills", v["kills"])
    note("broken", v["broken"])
    broken[v["engine"]] += v["broken"]
    kills[v["engine"]] += v["kills"]
    refused[v["engine"]] += v["refused"]
}

# One table of a measure; how its columns are summed up: "sum", "mean".
function table(measure, title, format, how,    i, j, s, e, sum, line, any) {
    printf "\n## %s\n\n| scenario | use |", title
    for (j = 1; j <= m; j++) printf " %s |", engines[j]
    printf "\n|---|---|"
    for (j = 1; j <= m; j++) printf "---:|"
    printf "\n"
    for (i = 1; i <= n; i++) {
        s = scenarios[i]
        line = "| " s " | " use[s] " |"
        any = how == "mean"
        for (j = 1; j <= m; j++) {
            e = engines[j]
            line = line sprintf(" " format " |", cell[measure, s, e])
            sum[e] += cell[measure, s, e]
            any = any || cell[measure, s, e] != 0
        }
        if (any) print line
    }
    printf "| **%s** | |", how == "mean" ? "mean" : "all"
    for (j = 1; j <= m; j++)
        printf " **" format "** |", sum[engines[j]] / (how == "mean" ? n : 1)
    printf "\n"
}

# Ours over the best peer, of scenarios of that use (""; all) and of stall in
# seconds or, by_hour, of the part of time that is lost, each scenario alike.
function ratio(which, by_hour,    i, j, e, sum, best) {
    best = -1
    for (j = 1; j <= m; j++) {
        e = engines[j]
        sum[e] = 0
        for (i = 1; i <= n; i++)
            if (which == "" || use[scenarios[i]] == which)
                sum[e] += cell["stall", scenarios[i], e] / \
                    (by_hour ? hours[scenarios[i]] : 1)
        if (e != OURS && (best < 0 || sum[e] < sum[best])) best = e
    }
    best_peer = best
    return sum[best] > 0 ? sum[OURS] / sum[best] : 1
}

# Of one scenario, ours over the best peer there; what is below the floor
# counts as much as the floor.
function ratio_in(s,    j, e, best, least_s) {
    best = -1
    for (j = 1; j <= m; j++) {
        e = engines[j]
        if (e != OURS && (best < 0 || cell["stall", s, e] + 0 < best))
            best = cell["stall", s, e] + 0
    }
    least_s = FLOOR_S * hours[s]
    return max(cell["stall", s, OURS], least_s) / max(best, least_s)
}

END {
    table("stall", "Stall: seconds lost for want of memory, all guests", "%.1f", "sum")
    if (!BRIEF) {
        table("worst", "Stall of the worst guest, seconds", "%.1f", "sum")
        table("swap", "Swapped in and out, GiB", "%.2f", "sum")
        table("balloon", "Moved by balloons, GiB", "%.2f", "sum")
        table("jain", "Fairness of stall (Jain)", "%.3f", "mean")
        table("reserve", "Waiting for reservations, seconds", "%.1f", "sum")
        table("refused", "Reservations refused", "%d", "sum")
        table("kills", "Programs killed, out of memory", "%d", "sum")
        table("broken", "Rules broken", "%d", "sum")
    }
    if (!(OURS in seen)) {
        print "engines.awk: nothing of " OURS >"/dev/stderr"
        exit 1
    }
    printf "\n## %s against the best peer\n\n| scenario | use | ratio |\n|---|---|---:|\n", OURS
    worst = 0
    for (i = 1; i <= n; i++) {
        x = ratio_in(scenarios[i])
        printf "| %s | %s | %.3f |\n", scenarios[i], use[scenarios[i]], x
        if (x > worst) { worst = x; where = scenarios[i] }
        if (x > 1.05) losses++
    }
    r = ratio("", 0)
    printf "\n| all stall, best peer %s | ratio |\n|---|---:|\n", best_peer
    printf "| all scenarios | %.3f |\n", r
    printf "| tune | %.3f |\n| held-out | %.3f |\n", ratio("tune", 0), ratio("held-out", 0)
    printf "| all, each scenario alike | %.3f |\n", ratio("", 1)
    for (e in broken) all_broken += broken[e]
    printf "%.3f %.3f %s %d %d %d %d\n", r, worst, where, all_broken, \
        kills[OURS], refused[OURS], losses >VERDICT
}
