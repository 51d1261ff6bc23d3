# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Reads lines of judge, prints a picture (SVG): a row for each scenario, a mark
# for each engine at what guests lost of an hour; to the left is better.
# Variables: OURS, the engine that is judged; FLOOR_S, see engines.sh.
BEGIN {
    split("#999999 #e69f00 #56b4e9 #009e73 #cc79a7 #d55e00 #0072b2 #f0e442", colours, " ")
    left = 200; width = 640; top = 96; row = 20
    least = 0.1; decades = 4.5 # seconds of an hour, up to the whole of it
}

function parse(    i, at) {
    delete v
    for (i = 1; i <= NF; i++) {
        at = index($i, "=")
        v[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
}

/^scenario=/ {
    parse()
    if (!(v["scenario"] in use)) {
        scenarios[++n] = v["scenario"]
        use[v["scenario"]] = v["use"]
    }
    if (!(v["engine"] in colour)) {
        engines[++m] = v["engine"]
        colour[v["engine"]] = v["engine"] == OURS ? "black" : colours[++used]
    }
    lost[v["scenario"], v["engine"]] = 3600 * v["stall_s"] / v["work_s"]
}

function x_of(s) {
    if (s < least) s = least
    return left + width * log(s / least) / log(10) / decades
}

function mark(x, y, engine) {
    if (engine == OURS)
        printf "<path d=\"M%.1f %.1fl6 6l-6 6l-6-6z\" fill=\"black\"/>\n", x, y - 6
    else
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" fill-opacity=\"0.85\"/>\n", \
            x, y, colour[engine]
}

function text(x, y, anchor, what, style) {
    printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor, style, what
}

function grid(    s, label) {
    for (s = least; s <= 1000; s *= 10) {
        label = s == least ? "&#8804; " s : s
        printf "<path d=\"M%.1f %dV%d\" stroke=\"#cccccc\"/>\n", x_of(s), top - 10, top + n * row
        text(x_of(s), top - 16, "middle", label, "")
    }
    printf "<path d=\"M%.1f %dV%d\" stroke=\"#cccccc\" stroke-dasharray=\"4 4\"/>\n", \
        x_of(FLOOR_S), top - 10, top + n * row
    text(x_of(FLOOR_S), top - 16, "middle", FLOOR_S, "")
    text(left + width / 2, top - 34, "middle", "seconds lost of an hour of work, mean of guests", "")
}

END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ", \
        left + width + 30, top + n * row + 36
    print "font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
    text(10, 20, "start", "What policy engines let guests lose for want of memory", " font-size=\"15\" font-weight=\"bold\"")
    for (j = 1; j <= m; j++) {
        mark(16 + (j - 1) * 105, 40, engines[j])
        text(26 + (j - 1) * 105, 44, "start", engines[j], engines[j] == OURS ? " font-weight=\"bold\"" : "")
    }
    grid()
    for (i = 1; i <= n; i++) {
        y = top + (i - 0.5) * row
        if (i % 2)
            printf "<rect x=\"4\" y=\"%.1f\" width=\"%d\" height=\"%d\" fill=\"black\" fill-opacity=\"0.04\"/>\n", \
                y - row / 2, left + width + 22, row
        text(left - 14, y + 4, "end", scenarios[i] (use[scenarios[i]] == "held-out" ? " *" : ""), "")
        for (j = 1; j <= m; j++)
            if (engines[j] != OURS)
                mark(x_of(lost[scenarios[i], engines[j]]), y + (j - m / 2) * 1.6, engines[j])
        if ((scenarios[i], OURS) in lost) mark(x_of(lost[scenarios[i], OURS]), y, OURS)
    }
    text(10, top + n * row + 22, "start", "* held out until the engine was done (see the text).  To the left is better; left of " FLOOR_S ", all are equal.", "")
    print "</svg>"
}
