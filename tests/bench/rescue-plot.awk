# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads lines of rescue-dom0.sh, prints a picture (SVG) like the paper's figures
# 1 and 2: how many times faster swapping to the other host is, by data size and
# by block size.
BEGIN {
    top = 70; height = 260; width = 330; gap = 90; left = 60
    low = 0.25; octaves = 7 # up to 32
    colour["sequential"] = "#0072b2"; colour["random"] = "#d55e00"
}

function parse(    i, at) {
    delete v
    for (i = 5; i <= NF; i++) {
        at = index($i, "=")
        v[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
}

$1 != "rescue" { next }
$2 == "memory_kib" { memory_mib = $3 / 1024 }
$4 != "memory" && $4 != "device" { next }
{
    parse()
    if (v["seconds"] == 0 || v["us"] == 0) next
}
$3 == "size" || $3 == "block" {
    x = $3 == "size" ? v["size_mib"] / memory_mib : v["block"] / 1024
    k = $3 " " v["pattern"]
    if ($2 == "disk") {
        at_x[k, ++n[k]] = x
        disk[k, x] = v["bytes"] / v["us"]
    } else if (disk[k, x] > 0)
        ratio[k, x] = v["bytes"] / v["us"] / disk[k, x]
}
$3 == "latency" {
    us[$2, v["pattern"]] += v["us"]
    n_requests[$2, v["pattern"]] += v["bytes"] / v["block"]
}

function y_of(value) {
    if (value < low) value = low
    return top + height - height * log(value / low) / log(2) / octaves
}

function x_of(panel, value) {
    return left + panel * (width + gap) + \
        (panel ? width * (log(value) / log(2) + 0.5) / 9 : width * value / 4.2)
}

function text(x, y, anchor, what, style) {
    printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor, style, what
}

function across(panel, value, dash, what, fill,    x) {
    x = left + panel * (width + gap)
    printf "<path d=\"M%.1f %.1fh%d\" stroke=\"%s\" stroke-dasharray=\"%s\"/>\n", x, y_of(value), width, fill, dash
    if (what != "") text(x + width - 4, y_of(value) - 4, "end", what, " fill=\"" fill "\"")
}

function frame(panel, title, below,    i, x) {
    x = left + panel * (width + gap)
    text(x + width / 2, top - 14, "middle", title, " font-weight=\"bold\"")
    for (i = 0; i <= octaves; i++) {
        across(panel, low * 2 ^ i, i == 2 ? "" : "2 3", "", i == 2 ? "#666666" : "#cccccc")
        text(x - 6, y_of(low * 2 ^ i) + 4, "end", low * 2 ^ i, "")
    }
    text(x + width / 2, top + height + 36, "middle", below, "")
}

function line(panel, figure, pattern,    i, k, path, x) {
    k = figure " " pattern
    for (i = 1; i <= n[k]; i++) {
        x = at_x[k, i]
        if (!((k, x) in ratio)) continue
        path = path sprintf("%s%.1f %.1f", path == "" ? "M" : "L", x_of(panel, x), y_of(ratio[k, x]))
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", x_of(panel, x), y_of(ratio[k, x]), colour[pattern]
    }
    if (path != "") printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>\n", path, colour[pattern]
}

function predicted(pattern) {
    if (!n_requests["disk", pattern] || !us["remote", pattern]) return 0
    return us["disk", pattern] / n_requests["disk", pattern] / us["remote", pattern] * n_requests["remote", pattern]
}

END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ", left + 2 * width + gap + 20, top + height + 50
    print "font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
    text(left, 22, "start", "How many times faster than swapping to a disk", " font-size=\"15\" font-weight=\"bold\"")
    text(left + 440, 22, "start", "&#9679; random reads", " fill=\"" colour["random"] "\"")
    text(left + 570, 22, "start", "&#9679; sequential reads", " fill=\"" colour["sequential"] "\"")
    frame(0, "blocks of 1 KiB", "data size, in times the memory")
    for (i = 0; i <= 4; i++) text(x_of(0, i), top + height + 18, "middle", i, "")
    frame(1, "data as large as the memory", "block size, KiB")
    for (i = 1; i <= 256; i *= 4) text(x_of(1, i), top + height + 18, "middle", i, "")
    if (predicted("random"))
        across(0, predicted("random"), "8 4", "random, as the devices' latencies predict", colour["random"])
    across(0, 22, "8 4", "", "#999999")
    across(0, 27, "8 4", "paper, random: 22 to 27", "#999999")
    line(0, "size", "sequential"); line(0, "size", "random")
    line(1, "block", "sequential"); line(1, "block", "random")
    print "</svg>"
}
