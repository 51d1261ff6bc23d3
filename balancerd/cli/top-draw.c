/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The screen of balancerctl top: no terminal, only rows of text.  Every mark is
 * a character, so that it can be read without colours. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "top-draw.h"
#include "util/text.h"
#include "util/units.h"

#define UNKNOWN     UINT64_MAX
#define KIB_PER_GIB (1024u * KIB_PER_MIB)
/* Seven digits of MiB; more are GiB. */
#define MIB_MOST      9999999u
#define AMOUNT_SIZE   24
#define ROWS_ABOVE    5 /* the domains; the heads are the last of them */
#define ROWS_BELOW    1
#define NAME_LEAST    8
#define NAME_MOST     24
#define BAR_LEAST     8
#define COLUMNS_FIXED 50 /* of a domain: all but its name and its bar */

static const char help_line[] = "q quit  up/down pick  s sort  o order  "
                                "r range  space now  h help";

static const char *const help_text[] = {
    "# is memory that a domain holds, and . what it could have up to its",
    "dynamic-max.  | is its target; [ and ] are dynamic-min and dynamic-max.",
    "The host: X Xen, 0 domain 0, # domains, r reserved, . free.",
    "Amounts are in MiB, with a G behind them in GiB.",
    "",
    "up, down, k, j     pick a domain",
    "page up, page down pick one a screen away; home, end the first, the last",
    "s                  sort by the next column: domid, name, state, target,",
    "                   actual, max; o turns the order round",
    "r                  change the range of the picked domain: type its",
    "                   dynamic-min and dynamic-max, as 512m 2g, then Enter;",
    "                   Escape leaves it as it is",
    "space              ask now; otherwise by itself, every interval=",
    "q                  end",
    "",
    "STUCK: it does not follow its target.  THRASHING: it lacks memory.",
};
#define N_HELP (sizeof(help_text) / sizeof(help_text[0]))

static const char *const sort_names[TOP_SORTS] = { "domid",  "name",   "state",
                                                   "target", "actual", "max" };

static const char *
amount(char text[AMOUNT_SIZE], uint64_t kib)
{
    uint64_t mib = kib / KIB_PER_MIB + (kib % KIB_PER_MIB >= KIB_PER_MIB / 2);

    if (kib == UNKNOWN)
        snprintf(text, AMOUNT_SIZE, "-");
    else if (mib <= MIB_MOST)
        snprintf(text, AMOUNT_SIZE, "%" PRIu64, mib);
    else
        snprintf(text, AMOUNT_SIZE, "%" PRIu64 "G", kib / KIB_PER_GIB);
    return text;
}

static uint64_t
known(uint64_t kib)
{
    return kib == UNKNOWN ? 0 : kib;
}

/* Where on a bar of so many places an amount lies. */
static size_t
place(uint64_t kib, uint64_t full_kib, size_t width)
{
    if (full_kib == 0)
        return 0;
    return (size_t)min_u64(mul_div(known(kib), width, full_kib), width);
}

static void
mark(char *bar, size_t width, size_t at, char c)
{
    bar[at < width ? at : width - 1] = c;
}

/* Each domain has the whole width for the most that it could come to. */
static void
draw_bar(const struct top_domain *d, size_t width, char *bar)
{
    uint64_t full_kib =
        max_u64(known(d->max_kib),
                max_u64(known(d->actual_kib), known(d->target_kib)));
    size_t held = place(d->actual_kib, full_kib, width);
    size_t room = max_u64(place(d->max_kib, full_kib, width), held);

    memset(bar, ' ', width);
    memset(bar, '.', room);
    memset(bar, '#', held);
    bar[width] = '\0';
    if (d->min_kib != UNKNOWN && d->max_kib != UNKNOWN) {
        mark(bar, width, place(d->min_kib, full_kib, width), '[');
        mark(bar, width, (size_t)sat_sub(place(d->max_kib, full_kib, width), 1),
             ']');
    }
    if (d->target_kib != UNKNOWN)
        mark(bar, width,
             (size_t)sat_sub(place(d->target_kib, full_kib, width), 1), '|');
}

static void
draw_host_bar(const struct top_host *h, size_t width, char *bar)
{
    const struct {
        uint64_t kib;
        char c;
    } parts[] = {
        { h->xen_kib, 'X' },      { h->dom0_kib, '0' }, { h->domains_kib, '#' },
        { h->reserved_kib, 'r' }, { h->free_kib, '.' },
    };
    uint64_t sum_kib = 0;
    size_t from = 0;

    memset(bar, ' ', width);
    bar[width] = '\0';
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t to;

        sum_kib = sat_add(sum_kib, known(parts[i].kib));
        to = place(sum_kib, h->total_kib, width);
        if (to > from)
            memset(bar + from, parts[i].c, to - from);
        from = to > from ? to : from;
    }
}

struct layout {
    size_t columns;
    size_t name;
    size_t bar; /* 0: there is no room for one */
};

static struct layout
lay_out(size_t columns)
{
    struct layout l = { .columns = columns < TOP_COLUMNS_MAX
                                       ? columns
                                       : (size_t)TOP_COLUMNS_MAX };
    size_t left = (size_t)sat_sub(l.columns, COLUMNS_FIXED);

    l.name = (size_t)clamp_u64(left * 2 / 5, NAME_LEAST, NAME_MOST);
    l.bar = (size_t)sat_sub(left, l.name);
    if (l.bar < BAR_LEAST)
        l.bar = 0;
    return l;
}

static void
put(struct top_row *row, const struct layout *l, const char *text)
{
    snprintf(row->text, sizeof(row->text), "%.*s", (int)l->columns, text);
}

static const char *
state_of(const struct top_domain *d)
{
    if (d->is_stuck && d->is_thrashing)
        return "STUCK+THR";
    if (d->is_thrashing)
        return "THRASHING";
    return d->is_stuck ? "STUCK" : d->state;
}

static void
draw_domain(const struct top *t, size_t i, const struct layout *l,
            struct top_row *row)
{
    const struct top_domain *d = &t->domains[i];
    char amounts[4][AMOUNT_SIZE], bar[TOP_COLUMNS_MAX + 1] = "";
    char line[TOP_COLUMNS_MAX + 1] = "";
    bool is_picked = i == t->picked && !t->is_plain;

    if (l->bar > 0)
        draw_bar(d, l->bar, bar);
    text_append(line, sizeof(line), "%c%5" PRIu32 " %-*.*s %-9.9s",
                is_picked ? '>' : ' ', d->domid, (int)l->name, (int)l->name,
                d->name, state_of(d));
    if (d->is_stuck || d->is_thrashing) {
        row->bold_from = 1 + 5 + 1 + l->name + 1;
        row->bold_length = strlen(state_of(d));
    }
    text_append(line, sizeof(line), "%8s%8s%8s%8s %s",
                amount(amounts[0], d->min_kib),
                amount(amounts[1], d->target_kib),
                amount(amounts[2], d->actual_kib),
                amount(amounts[3], d->max_kib), bar);
    row->is_reverse = is_picked;
    put(row, l, line);
}

/* The first domain that is shown: the picked one is. */
static size_t
first_shown(const struct top *t, size_t page)
{
    return t->picked >= page ? t->picked - page + 1 : 0;
}

static void
draw_title(const struct top *t, const struct layout *l, size_t page,
           struct top_row *row)
{
    char line[TOP_COLUMNS_MAX + 1] = "";
    size_t n_stuck = 0, n_thrashing = 0;

    for (size_t i = 0; i < t->n_domains; i++) {
        n_stuck += t->domains[i].is_stuck;
        n_thrashing += t->domains[i].is_thrashing;
    }
    text_append(line, sizeof(line), "balancerctl top  %s  %zu domains, ",
                t->time, t->n_domains);
    text_append(line, sizeof(line), "%zu stuck, %zu thrashing; by %s%s",
                n_stuck, n_thrashing, sort_names[t->sort],
                t->is_reversed ? ", reversed" : "");
    if (t->n_domains > page)
        text_append(line, sizeof(line), "; from %zu", first_shown(t, page) + 1);
    put(row, l, line);
}

static void
draw_host(const struct top *t, const struct layout *l, struct top_row *rows)
{
    const struct top_host *h = &t->host;
    char amounts[5][AMOUNT_SIZE], bar[TOP_COLUMNS_MAX + 1];
    char line[TOP_COLUMNS_MAX + 32];
    uint64_t wanted_kib = sat_add(h->host_reserve_kib, h->promised_kib);

    snprintf(line, sizeof(line), "host %s MiB ",
             amount(amounts[0], h->total_kib));
    draw_host_bar(h, (size_t)sat_sub(l->columns, strlen(line) + 2), bar);
    text_append(line, sizeof(line), "|%s|", bar);
    put(&rows[0], l, line);
    snprintf(line, sizeof(line),
             "X Xen %s, 0 dom0 %s, # domains %s, r reserved %s, . free %s",
             amount(amounts[0], h->xen_kib), amount(amounts[1], h->dom0_kib),
             amount(amounts[2], h->domains_kib),
             amount(amounts[3], h->reserved_kib),
             amount(amounts[4], h->free_kib));
    put(&rows[1], l, line);
    snprintf(
        line, sizeof(line),
        "kept free: %s for the host, %s for %zu reservations (%zu pending)",
        amount(amounts[0], h->host_reserve_kib),
        amount(amounts[1], h->promised_kib), t->n_reservations, t->n_pending);
    if (wanted_kib > h->reserved_kib)
        text_append(line, sizeof(line), "; %s MISSING",
                    amount(amounts[2], wanted_kib - h->reserved_kib));
    put(&rows[2], l, line);
}

static void
draw_heads(const struct layout *l, bool is_plain, struct top_row *row)
{
    char line[TOP_COLUMNS_MAX + 1];

    snprintf(line, sizeof(line), " %5s %-*s %-9s%8s%8s%8s%8s%s", "domid",
             (int)l->name, "name", "state", "min", "target", "actual", "max",
             l->bar > 0 ? " [#held |target]" : "");
    row->is_reverse = !is_plain;
    put(row, l, line);
}

static void
draw_bottom(const struct top *t, const struct layout *l, struct top_row *row)
{
    char line[TOP_COLUMNS_MAX + 1] = "";

    if (t->mode == TOP_RANGE)
        text_append(line, sizeof(line), "range of %.20s, MIN MAX: %s_",
                    t->changing.name, t->input);
    else if (t->mode == TOP_HELP)
        text_append(line, sizeof(line), "any key: back");
    else
        text_append(line, sizeof(line), "%s",
                    t->message[0] ? t->message : help_line);
    row->bold_length = t->mode == TOP_RANGE || t->message[0] ? l->columns : 0;
    put(row, l, line);
}

size_t
top_page(size_t n_rows)
{
    return (size_t)max_u64(sat_sub(n_rows, ROWS_ABOVE + ROWS_BELOW), 1);
}

size_t
top_rows_needed(const struct top *t)
{
    return t->n_domains + ROWS_ABOVE + (t->is_plain ? 0 : ROWS_BELOW);
}

static void
draw_list(const struct top *t, const struct layout *l, size_t n_rows,
          struct top_row *rows)
{
    size_t page = t->is_plain ? t->n_domains : top_page(n_rows);
    size_t first = t->is_plain ? 0 : first_shown(t, page);

    for (size_t i = 0; i < page && ROWS_ABOVE + i < n_rows; i++) {
        if (t->mode == TOP_HELP && i < N_HELP)
            put(&rows[ROWS_ABOVE + i], l, help_text[i]);
        else if (t->mode != TOP_HELP && first + i < t->n_domains)
            draw_domain(t, first + i, l, &rows[ROWS_ABOVE + i]);
    }
}

/* On a screen that is too small for all of it the lowest rows go. */
void
top_draw(const struct top *t, size_t n_columns, size_t n_rows,
         struct top_row *rows)
{
    struct layout l = lay_out(n_columns);
    struct top_row above[ROWS_ABOVE] = { 0 };
    size_t page = t->is_plain ? t->n_domains : top_page(n_rows);

    memset(rows, 0, n_rows * sizeof(*rows));
    draw_title(t, &l, page, &above[0]);
    draw_host(t, &l, &above[1]);
    draw_heads(&l, t->is_plain, &above[ROWS_ABOVE - 1]);
    for (size_t i = 0; i < ROWS_ABOVE && i < n_rows; i++)
        rows[i] = above[i];
    draw_list(t, &l, n_rows, rows);
    if (!t->is_plain && n_rows > 0) {
        memset(&rows[n_rows - 1], 0, sizeof(rows[0]));
        draw_bottom(t, &l, &rows[n_rows - 1]);
    }
}
