/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scales: round times below, round amounts at the left. */
#include <config.h>

#include <inttypes.h>
#include <time.h>

#include "picture.h"
#include "svg.h"
#include "util/units.h"

#define TENTHS      10u
#define TIMES_MOST  12
#define DAY_S       86400u
#define KIB_PER_GIB (1024u * KIB_PER_MIB)
#define LABEL_SIZE  24

static const uint64_t steps_s[] = { 1,    2,    5,     10,    15,    30,
                                    60,   120,  300,   600,   900,   1800,
                                    3600, 7200, 10800, 21600, 43200, 86400 };
#define N_STEPS (sizeof(steps_s) / sizeof(steps_s[0]))

static uint64_t
local_s(const struct picture *p, uint64_t wall_ms)
{
    return sat_add_delta(wall_ms / MS_PER_S, p->utc_offset_s);
}

static void
format_tm(const struct tm *tm, enum picture_clock clock,
          char text[PICTURE_TIME_SIZE])
{
    switch (clock) {
    case PICTURE_MINUTE:
        strftime(text, PICTURE_TIME_SIZE, "%H:%M", tm);
        break;
    case PICTURE_SECOND:
        strftime(text, PICTURE_TIME_SIZE, "%H:%M:%S", tm);
        break;
    case PICTURE_DAY:
        strftime(text, PICTURE_TIME_SIZE, "%d %b", tm);
        break;
    case PICTURE_ALL:
        strftime(text, PICTURE_TIME_SIZE, "%Y-%m-%d %H:%M:%S", tm);
        break;
    }
}

void
picture_time(const struct picture *p, uint64_t wall_ms,
             enum picture_clock clock, char text[PICTURE_TIME_SIZE])
{
    time_t t = (time_t)local_s(p, wall_ms);
    struct tm tm;

    text[0] = '\0';
    if (gmtime_r(&t, &tm))
        format_tm(&tm, clock, text);
}

static enum picture_clock
choose_clock(uint64_t at_s, uint64_t step_s)
{
    if (at_s % DAY_S == 0)
        return PICTURE_DAY;
    return step_s < 60 ? PICTURE_SECOND : PICTURE_MINUTE;
}

/* Lines from top to bottom, their times below. */
void
picture_times(const struct picture *p, unsigned top, unsigned bottom)
{
    uint64_t range_s = (p->end_ms - p->begin_ms) / MS_PER_S;
    char text[PICTURE_TIME_SIZE];
    size_t i = 0;

    if (p->n == 0)
        return;
    while (i + 1 < N_STEPS && range_s / steps_s[i] > TIMES_MOST)
        i++;
    for (uint64_t at_s = local_s(p, p->begin_ms + MS_PER_S - 1);; at_s++) {
        uint64_t wall_ms;

        at_s += (steps_s[i] - at_s % steps_s[i]) % steps_s[i];
        wall_ms = sat_add_delta(at_s, -p->utc_offset_s) * MS_PER_S;
        if (wall_ms > p->end_ms)
            break;
        svg_line(p->out,
                 &(struct svg_box){ picture_x(p, wall_ms), top * TENTHS, 0,
                                    (bottom - top) * TENTHS },
                 "grid");
        picture_time(p, wall_ms, choose_clock(at_s, steps_s[i]), text);
        svg_text(p->out, picture_x(p, wall_ms), (bottom + 15) * TENTHS, "mid",
                 text);
    }
}

static void
amount(char text[LABEL_SIZE], uint64_t kib)
{
    uint64_t tenths = mul_div(kib, 10, KIB_PER_GIB);

    if (kib == 0)
        snprintf(text, LABEL_SIZE, "0");
    else if (kib < KIB_PER_GIB || kib * 10 % KIB_PER_GIB != 0)
        snprintf(text, LABEL_SIZE, "%" PRIu64 " MiB", kib / KIB_PER_MIB);
    else if (kib % KIB_PER_GIB == 0)
        snprintf(text, LABEL_SIZE, "%" PRIu64 " GiB", kib / KIB_PER_GIB);
    else
        snprintf(text, LABEL_SIZE, "%" PRIu64 ".%" PRIu64 " GiB", tenths / 10,
                 tenths % 10);
}

/* Powers of two of a MiB, at most so many lines. */
void
picture_amounts(const struct picture *p, const struct panel *panel,
                unsigned most_lines)
{
    uint64_t step_kib = KIB_PER_MIB;
    char text[LABEL_SIZE];

    if (p->n == 0)
        return;
    while (panel->full_kib / step_kib > most_lines)
        step_kib *= 2;
    for (uint64_t kib = 0; kib <= panel->full_kib; kib += step_kib) {
        unsigned y = picture_y(panel, kib);

        svg_line(p->out,
                 &(struct svg_box){ PICTURE_LEFT * TENTHS, y,
                                    (PICTURE_RIGHT - PICTURE_LEFT) * TENTHS,
                                    0 },
                 kib == 0 ? "axis" : "grid");
        amount(text, kib);
        svg_text(p->out, (PICTURE_LEFT - 6) * TENTHS, y + 4 * TENTHS, "end",
                 text);
    }
}
