# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads lines of judge, prints tables of engines x scenarios (Markdown), and
# into the file VERDICT what came of it.  Variables: OURS, the engine that is
# judged; ORACLES: names of those that are no peers, nor is "plenty", what is lost
# with enough memory for all; all others are its peers.  RATIO_MOST and
# FLOOR_S: see engines.sh.  BRIEF=1: the table of stall only.  SCENARIOS: where the scenarios are.
function max(a, b) { return a > b ? a : b }

function is_peer(e) { return e != OURS && e != "plenty" && !(e in oracle) }

BEGIN {
    split(ORACLES, names, " ")
    for (i in names) oracle[names[i]] = 1
}

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

# Why OURS is worse in a scenario, as its file says after "# loses: ".
function reason(s,    file, line, text, is_in) {
    file = SCENARIOS "/" s ".scn"
    while ((getline line < file) > 0 && line ~ /^#/) {
        if (line ~ /^# [a-zA-Z]+: /) is_in = line ~ /^# loses: /
        if (is_in) text = text (text == "" ? "" : " ") substr(line, 3)
    }
    close(file)
    return substr(text, length("loses: ") + 1)
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
        if (is_peer(e) && (best < 0 || sum[e] < sum[best])) best = e
    }
    best_peer = best
    return sum[best] > 0 ? sum[OURS] / sum[best] : 1
}

# Of one scenario, ours over the best peer there; what is below the floor, which
# is floor_s for every hour of work (0: none), counts as much as the floor.
function ratio_in(s, floor_s,    j, e, best, least_s) {
    best = -1
    for (j = 1; j <= m; j++) {
        e = engines[j]
        if (is_peer(e) && (best < 0 || cell["stall", s, e] + 0 < best))
            best = cell["stall", s, e] + 0
    }
    least_s = floor_s * hours[s]
    if (max(best, least_s) == 0) return cell["stall", s, OURS] > 0 ? -1 : 1
    return max(cell["stall", s, OURS], least_s) / max(best, least_s)
}

# The least of anyone in each scenario, who knows or not: no rule could have as
# little, as it would have to know which one to be.
function least(which,    i, j, e, least_s, sum) {
    for (i = 1; i <= n; i++) {
        if (which != "" && use[scenarios[i]] != which) continue
        least_s = -1
        for (j = 1; j <= m; j++) {
            e = engines[j]
            if (e != "plenty" && \
                (least_s < 0 || cell["stall", scenarios[i], e] + 0 < least_s))
                least_s = cell["stall", scenarios[i], e] + 0
        }
        sum += least_s
    }
    return sum
}

function total(e, which,    i, sum) {
    for (i = 1; i <= n; i++)
        if (which == "" || use[scenarios[i]] == which)
            sum += cell["stall", scenarios[i], e]
    return sum
}

function part(a, b) { return b > 0 ? a / b : 1 }

# What could be had of what the best peer lost.
function could_be_had(    u, j, uses, lost) {
    split(",tune,held-out", uses, ",")
    printf "\n## What could be had\n\n| part of what the best peer loses | all | tune | held-out |\n|---|---:|---:|---:|\n"
    printf "| best peer"
    for (u = 1; u <= 3; u++) {
        ratio(uses[u], 0)
        lost[u] = total(best_peer, uses[u])
        printf " | %s, %.0f s", best_peer, lost[u]
    }
    printf " |\n"
    for (j = 1; j <= m; j++) {
        if (is_peer(engines[j])) continue
        printf "| %s", engines[j]
        for (u = 1; u <= 3; u++) printf " | %.3f", part(total(engines[j], uses[u]), lost[u])
        printf " |\n"
    }
    printf "| the least of anyone, scenario by scenario"
    for (u = 1; u <= 3; u++) printf " | %.3f", part(least(uses[u]), lost[u])
    printf " |\n| %s, of what is not lost with plenty", OURS
    for (u = 1; u <= 3; u++) 
        printf " | %.3f", part(total(OURS, uses[u]) - total("plenty", uses[u]), \
                               lost[u] - total("plenty", uses[u]))
    printf " |\n"
    if (part(least(""), lost[1]) > RATIO_MOST)
        printf "\nThe bound of %.2f cannot be met on this set: not by the oracle, nor by who\nknew for each scenario which of all these rules to follow.\n", RATIO_MOST
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
    printf "\n## %s against the best peer\n\n| scenario | use | ratio | without a floor | why |\n|---|---|---:|---:|---|\n", OURS
    worst = 0
    for (i = 1; i <= n; i++) {
        x = ratio_in(scenarios[i], FLOOR_S)
        bare = ratio_in(scenarios[i], 0)
        printf "| %s | %s | %.3f | %s | %s |\n", scenarios[i], use[scenarios[i]], x, \
            bare < 0 ? "of none" : sprintf("%.3f", bare), reason(scenarios[i])
        if (x > worst) { worst = x; where = scenarios[i] }
        if (x > 1.05) losses++
    }
    could_be_had()
    r = ratio("", 0)
    printf "\n| all stall, best peer %s | ratio |\n|---|---:|\n", best_peer
    printf "| all scenarios | %.3f |\n", r
    printf "| tune | %.3f |\n| held-out | %.3f |\n", ratio("tune", 0), ratio("held-out", 0)
    printf "| all, each scenario alike | %.3f |\n", ratio("", 1)
    for (e in broken)
        if (e == OURS || is_peer(e)) all_broken += broken[e]
    printf "%.3f %.3f %s %d %d %d %d\n", r, worst, where, all_broken, \
        kills[OURS], refused[OURS], losses >VERDICT
}
