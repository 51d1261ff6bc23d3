# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads lines of rescue-dom0.sh, prints tables like the paper's figures 1 and 2;
# VERDICT gets "RANDOM PREDICTED SEQUENTIAL BAD".
function parse(    i, at) {
    delete v
    for (i = 5; i <= NF; i++) {
        at = index($i, "=")
        v[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
}

function median(list, n,    i, j, x) {
    for (i = 2; i <= n; i++) {
        x = list[i]
        for (j = i - 1; j >= 1 && list[j] > x; j--) list[j + 1] = list[j]
        list[j + 1] = x
    }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

$1 != "rescue" { next }
$2 == "memory_kib" { memory_mib = $3 / 1024 }
$2 == "swap_mib" { swap_mib = $3 }
$2 == "attach_ms" { attach_ms = $3 }
$2 == "ping" { ping = $0; sub(/.*= */, "", ping) }
$4 != "memory" && $4 != "device" { next }
{
    parse()
    bad += v["bad"]
    if (v["seconds"] == 0 || v["us"] == 0) next
    rate = v["bytes"] / v["us"] # MB/s
}
$3 == "size" {
    if (!((v["size_mib"]) in seen_size)) size[++n_sizes] = v["size_mib"]
    seen_size[v["size_mib"]] = 1
    of_size[$2, v["pattern"], v["size_mib"]] = rate
    if (v["faults"])
        fault_ms[$2, v["pattern"], v["size_mib"]] = v["us"] / v["faults"] / 1000
    pages[$2, v["pattern"], v["size_mib"]] = v["in"] "/" v["out"]
}
$3 == "block" {
    if (!((v["block"]) in seen_block)) block[++n_blocks] = v["block"]
    seen_block[v["block"]] = 1
    of_block[$2, v["pattern"], v["block"]] = rate
}
$3 == "latency" || $3 == "way" {
    k = $2 " " $3 " " v["pattern"]
    us[k] += v["us"]
    n_requests[k] += v["bytes"] / v["block"]
}

function ms(swap, figure, pattern,    k) {
    k = swap " " figure " " pattern
    return n_requests[k] ? us[k] / n_requests[k] / 1000 : 0
}

function ratio(of, a, b) {
    return of[a] > 0 ? of[b] / of[a] : 0
}

function row(first, of, key,    p, i, line) {
    line = "| " first
    for (i = 1; i <= 2; i++) {
        p = i == 1 ? "sequential" : "random"
        line = line sprintf(" | %.2f | %.2f | %.2f", of["disk", p, key], of["remote", p, key], \
            ratio(of, "disk" SUBSEP p SUBSEP key, "remote" SUBSEP p SUBSEP key))
    }
    print line " |"
}

function head(first) {
    print "| " first " | sequential, disk MB/s | remote MB/s | ratio | random, disk MB/s | remote MB/s | ratio |"
    print "|---|---:|---:|---:|---:|---:|---:|"
}

END {
    printf "The guest's memory is %.0f MiB (nine tenths of it are what a program can have, as in\n", memory_mib
    printf "the paper), the swap device %d MiB. Attaching the volume took %.1f s.\n\n", swap_mib, attach_ms / 1000
    print "### Blocks of 1 KiB, by data size (figure 1; paper: sequential 2.5-3.2, random 22-27)\n"
    head("data size, in memories")
    for (i = 1; i <= n_sizes; i++) {
        x = size[i] / memory_mib
        row(sprintf("%.1f", x), of_size, size[i])
        if (x < 1.3) continue
        random[++n] = ratio(of_size, "disk" SUBSEP "random" SUBSEP size[i], "remote" SUBSEP "random" SUBSEP size[i])
        sequential[n] = ratio(of_size, "disk" SUBSEP "sequential" SUBSEP size[i], "remote" SUBSEP "sequential" SUBSEP size[i])
    }
    if (n_blocks) {
        print "\n### Data as large as the memory, by block size (figure 2; paper: 1.1-1.2 from 64 KiB on)\n"
        head("block")
        for (i = 1; i <= n_blocks; i++)
            row((block[i] / 1024) " KiB", of_block, block[i])
    }
    print "\n### What a fault takes, and pages swapped in/out\n"
    print "| data size, in memories | random, disk ms | remote ms | disk in/out | remote in/out |"
    print "|---|---:|---:|---:|---:|"
    for (i = 1; i <= n_sizes; i++)
        if (size[i] / memory_mib > 1.3)
            printf "| %.1f | %.2f | %.2f | %s | %s |\n", size[i] / memory_mib, \
                fault_ms["disk", "random", size[i]], fault_ms["remote", "random", size[i]], \
                pages["disk", "random", size[i]], pages["remote", "random", size[i]]
    print "\n### What the devices take, one request at a time\n"
    print "| | 4 KiB at random, ms | 32 KiB in sequence, ms |"
    print "|---|---:|---:|"
    printf "| the disk, in the guest | %.2f | %.2f |\n", ms("disk", "latency", "random"), ms("disk", "latency", "sequential")
    printf "| the volume, in the guest | %.2f | %.2f |\n", ms("remote", "latency", "random"), ms("remote", "latency", "sequential")
    printf "| the disk, in domain 0 | %.2f | %.2f |\n", ms("disk", "way", "random"), ms("disk", "way", "sequential")
    printf "| the volume (md), in domain 0 | %.2f | %.2f |\n", ms("mirror", "way", "random"), ms("mirror", "way", "sequential")
    printf "| its lender (nbd), in domain 0 | %.2f | %.2f |\n", ms("nbd", "way", "random"), ms("nbd", "way", "sequential")
    printf "| a ping to the lender, least/mean/most | %s | |\n", ping
    p = ms("remote", "latency", "random")
    p = p ? ms("disk", "latency", "random") / p : 0
    s = ms("remote", "latency", "sequential")
    s = s ? ms("disk", "latency", "sequential") / s : 0
    printf "\nPredicted by the devices: random %.2f, sequential %.2f; seen (medians above the memory):\n", p, s
    printf "random %.2f, sequential %.2f.\n", median(random, n), median(sequential, n)
    printf "%.2f %.2f %.2f %d\n", median(random, n), p, median(sequential, n), bad >VERDICT
}
