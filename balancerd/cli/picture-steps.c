/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values over time as steps, broken where nobody looked. */
#include <config.h>

#include <stdbool.h>

#include "picture.h"
#include "svg.h"
#include "util/units.h"

#define NONE       UINT64_MAX
#define GAP_STEPS  3
#define TENTHS     10u
#define PLOT_WIDTH ((PICTURE_RIGHT - PICTURE_LEFT) * TENTHS)

unsigned
picture_x(const struct picture *p, uint64_t wall_ms)
{
    uint64_t t = clamp_u64(wall_ms, p->begin_ms, p->end_ms);

    return PICTURE_LEFT * TENTHS + (unsigned)mul_div(t - p->begin_ms,
                                                     PLOT_WIDTH,
                                                     p->end_ms - p->begin_ms);
}

unsigned
picture_y(const struct panel *panel, uint64_t kib)
{
    unsigned height = panel->height * TENTHS;

    return panel->top * TENTHS + height -
           (unsigned)min_u64(mul_div(kib, height, panel->full_kib), height);
}

/* Where row i begins: with the one before it, or after a gap by itself. */
static uint64_t
begin_of(const struct picture *p, size_t i)
{
    uint64_t gap_ms = GAP_STEPS * p->step_ms;

    if (i > 0 && sat_sub(p->wall_ms[i], p->wall_ms[i - 1]) <= gap_ms)
        return p->wall_ms[i - 1];
    return sat_sub(p->wall_ms[i], p->step_ms);
}

static bool
is_joined(const struct picture *p, const uint64_t *values, size_t i)
{
    return i > 0 && values[i - 1] != NONE &&
           begin_of(p, i) == p->wall_ms[i - 1];
}

static void
command(FILE *out, char letter, unsigned tenths)
{
    fputc(letter, out);
    svg_number(out, tenths);
}

/* Rows first..end hang together. */
static void
draw_run(const struct picture *p, const struct panel *panel,
         const uint64_t *values, size_t first, size_t end)
{
    unsigned y = picture_y(panel, values[first]);

    svg_number(p->out, picture_x(p, begin_of(p, first)));
    command(p->out, ',', y);
    for (size_t i = first; i < end; i++) {
        unsigned next = picture_y(panel, values[i]);

        if (next == y)
            continue;
        command(p->out, 'H', picture_x(p, begin_of(p, i)));
        command(p->out, 'V', next);
        y = next;
    }
    command(p->out, 'H', picture_x(p, p->wall_ms[end - 1]));
}

static void
draw(const struct picture *p, const struct panel *panel, const uint64_t *values,
     bool is_area)
{
    unsigned bottom = (panel->top + panel->height) * TENTHS;
    size_t i = 0;

    while (i < p->n) {
        size_t first = i++;

        if (values[first] == NONE)
            continue;
        while (i < p->n && values[i] != NONE && is_joined(p, values, i))
            i++;
        fputc('M', p->out);
        draw_run(p, panel, values, first, i);
        if (is_area) {
            command(p->out, 'V', bottom);
            command(p->out, 'H', picture_x(p, begin_of(p, first)));
            fputc('Z', p->out);
        }
    }
}

void
picture_area(const struct picture *p, const struct panel *panel,
             const uint64_t *values, const char *class)
{
    fprintf(p->out, "<path class=\"%s\" d=\"", class);
    draw(p, panel, values, true);
    fputs("\"/>\n", p->out);
}

void
picture_line(const struct picture *p, const struct panel *panel,
             const uint64_t *values, const char *class)
{
    fprintf(p->out, "<path class=\"%s\" d=\"", class);
    draw(p, panel, values, false);
    fputs("\"/>\n", p->out);
}
