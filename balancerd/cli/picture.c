/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the picture together. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "picture.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "svg.h"
#include "util/parse.h"
#include "util/units.h"

#define TENTHS      10u
#define LEGEND_Y    52u
#define HOST_TOP    92u
#define HOST_HEIGHT 220u
#define AXIS_HEIGHT 26u
/* Of a picture of less than that, or of nothing. */
#define RANGE_LEAST_MS 60000u

static const char style[] =
    "text{font:12px sans-serif;fill:#111}.mid{text-anchor:middle}"
    ".end{text-anchor:end}.title{font-size:16px;font-weight:bold}"
    ".name{font-weight:bold}.paper{fill:#fff}"
    ".grid{stroke:#000;stroke-opacity:.13}.axis{stroke:#111}"
    ".xen{fill:#57606a}.dom0{fill:#4c8bf5}.held{fill:#6ccf9c}"
    ".reserved{fill:#f2b035}.free{fill:#e8ebee}"
    ".target{fill:none;stroke:#10243e;stroke-width:1.6;stroke-dasharray:5 2}"
    ".squeeze{fill:#d11;fill-opacity:.22}.bad{fill:#c81e1e}"
    ".event{fill:#2456c9}";

/* The sum of the host, from above: each is drawn over the one before. */
static const struct part {
    const char *class;
    const char *title;
    const char *members[4]; /* what is not above it; NULL: all the rest */
} parts[] = {
    { "free", "free", { NULL } },
    { "reserved", "reserved", { FIELD_FREE } },
    { "held", "domains", { FIELD_FREE, FIELD_RESERVED } },
    { "dom0", "domain 0", { FIELD_FREE, FIELD_RESERVED, FIELD_DOMAINS_KIB } },
    { "xen",
      "Xen",
      { FIELD_FREE, FIELD_RESERVED, FIELD_DOMAINS_KIB, FIELD_DOM0 } },
};
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

static struct json_object *
row(const struct picture *p, size_t i)
{
    return json_object_array_get_idx(p->rows, i);
}

static void
draw_part(const struct picture *p, const struct panel *panel,
          const struct part *part)
{
    uint64_t *values = calloc(p->n + 1, sizeof(*values));

    for (size_t i = 0; values && i < p->n; i++) {
        values[i] = json_get_number(row(p, i), FIELD_TOTAL);
        for (size_t j = 0; j < 4 && part->members[j]; j++)
            values[i] = sat_sub(values[i],
                                json_get_number(row(p, i), part->members[j]));
    }
    if (values)
        picture_area(p, panel, values, part->class);
    free(values);
}

static void
draw_squeezes(const struct picture *p, const struct panel *panel)
{
    for (size_t i = 0; i < p->n; i++) {
        unsigned to = picture_x(p, p->wall_ms[i]);
        unsigned from =
            i > 0 ? picture_x(p, p->wall_ms[i - 1]) : PICTURE_LEFT * TENTHS;

        /* even one that is shorter than a pixel is seen */
        from = (unsigned)min_u64(from, sat_sub(to, 2 * TENTHS));
        if (json_get_bool(row(p, i), FIELD_IS_SQUEEZING))
            svg_rect(p->out,
                     &(struct svg_box){ from, panel->top * TENTHS, to - from,
                                        panel->height * TENTHS },
                     "squeeze");
    }
}

static uint64_t
largest_total(const struct picture *p)
{
    uint64_t kib = KIB_PER_MIB;

    for (size_t i = 0; i < p->n; i++)
        kib = max_u64(kib, json_get_number(row(p, i), FIELD_TOTAL));
    return kib;
}

static void
draw_host(const struct picture *p, struct json_object *drawn)
{
    const struct panel panel = { HOST_TOP, HOST_HEIGHT, largest_total(p) };

    for (size_t i = 0; i < N_PARTS; i++)
        draw_part(p, &panel, &parts[i]);
    draw_squeezes(p, &panel);
    picture_amounts(p, &panel, 8);
    svg_text(p->out, 8 * TENTHS, (HOST_TOP + HOST_HEIGHT / 2) * TENTHS, "name",
             "host");
    picture_marks(p, (HOST_TOP - 12) * TENTHS, NULL, drawn);
    picture_times(p, HOST_TOP, HOST_TOP + HOST_HEIGHT);
}

/* One entry; returns where the next one begins. */
static unsigned
draw_key(const struct picture *p, unsigned x, const char *class,
         const char *text)
{
    const struct svg_box box = { x * TENTHS, (LEGEND_Y - 10) * TENTHS,
                                 14 * TENTHS, 10 * TENTHS };
    const struct svg_box middle = { x * TENTHS, (LEGEND_Y - 5) * TENTHS,
                                    18 * TENTHS, 0 };

    if (strcmp(class, "target") == 0)
        svg_line(p->out, &middle, class);
    else if (strcmp(class, "bad") == 0)
        fprintf(p->out, "<path class=\"bad\" d=\"M%u,%uh9l-4.5,9z\"/>\n", x + 2,
                LEGEND_Y - 10);
    else if (strcmp(class, "event") == 0)
        fprintf(p->out,
                "<path class=\"event\" d=\"M%u,%ul4.5,9l4.5,-9l-4.5,-2z\"/>\n",
                x + 2, LEGEND_Y - 9);
    else
        svg_rect(p->out, &box, class);
    svg_text(p->out, (x + 22) * TENTHS, LEGEND_Y * TENTHS, "key", text);
    return x + 36 + 7 * (unsigned)strlen(text);
}

static void
draw_legend(const struct picture *p)
{
    unsigned x = PICTURE_LEFT;

    for (size_t i = N_PARTS; i-- > 0;)
        x = draw_key(p, x, parts[i].class, parts[i].title);
    x = draw_key(p, x, "target", "target");
    x = draw_key(p, x, "squeeze", "free memory is short");
    x = draw_key(p, x, "bad", "trouble");
    draw_key(p, x, "event", "other event (point at it)");
}

static void
draw_title(const struct picture *p)
{
    char from[PICTURE_TIME_SIZE], to[PICTURE_TIME_SIZE], text[96];
    unsigned east_min = (unsigned)(llabs(p->utc_offset_s) / 60);
    char sign = p->utc_offset_s < 0 ? '-' : '+';

    picture_time(p, p->begin_ms, PICTURE_ALL, from);
    picture_time(p, p->end_ms, PICTURE_ALL, to);
    snprintf(text, sizeof(text), "Memory, %s to %s (UTC%c%02u:%02u)", from, to,
             sign, east_min / 60, east_min % 60);
    svg_text(p->out, PICTURE_LEFT * TENTHS, 26 * TENTHS, "title",
             p->n > 0 ? text : "Memory: there is no sample yet");
}

/* The host's marks are those that no domain's panel has. */
static void
draw_body(const struct picture *p, struct json_object *vms, unsigned height)
{
    struct json_object *drawn = json_object_new_object();
    unsigned top = HOST_TOP + HOST_HEIGHT + AXIS_HEIGHT;

    draw_title(p);
    draw_legend(p);
    picture_domains(p, vms, top, drawn);
    if (height > 0)
        picture_times(p, top, top + height);
    draw_host(p, drawn);
    json_object_put(drawn);
}

static void
print(const struct picture *p, struct json_object *vms)
{
    size_t n = vms ? json_object_array_length(vms) : 0;
    unsigned domains = picture_domains_height(n);
    unsigned height = HOST_TOP + HOST_HEIGHT + 2 * AXIS_HEIGHT + domains;

    fprintf(p->out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" "
            "height=\"%u\" viewBox=\"0 0 %u %u\">\n<style>%s</style>\n",
            PICTURE_WIDTH, height, PICTURE_WIDTH, height, style);
    svg_rect(p->out,
             &(struct svg_box){ 0, 0, PICTURE_WIDTH * TENTHS, height * TENTHS },
             "paper");
    draw_body(p, vms, domains);
    fputs("</svg>\n", p->out);
}

/* "2026-01-31T23:59:59.123+01:00": seconds east of UTC. */
static int64_t
offset_of(const char *time)
{
    size_t length = strlen(time);
    uint64_t hours, minutes;
    int64_t east_s;

    if (length < 6 || parse_u64_n(time + length - 5, 2, 0, 23, &hours) < 0 ||
        parse_u64_n(time + length - 2, 2, 0, 59, &minutes) < 0)
        return 0;
    east_s = (int64_t)(hours * 60 + minutes) * 60;
    return time[length - 6] == '-' ? -east_s : east_s;
}

static void
read_rows(struct picture *p)
{
    size_t n_events =
        p->events && p->n > 0 ? json_object_array_length(p->events) : 0;

    for (size_t i = 0; i < p->n; i++)
        p->wall_ms[i] = json_get_number(row(p, i), FIELD_WALL);
    if (p->n > 0) {
        p->begin_ms = p->wall_ms[0];
        p->end_ms = p->wall_ms[p->n - 1];
        p->utc_offset_s = offset_of(json_text(row(p, 0), FIELD_TIME));
    }
    if (n_events > 0)
        p->end_ms =
            max_u64(p->end_ms,
                    json_get_number(json_object_array_get_idx(p->events,
                                                              n_events - 1),
                                    FIELD_WALL));
    if (p->end_ms < sat_add(p->begin_ms, RANGE_LEAST_MS)) {
        p->begin_ms = sat_sub(p->end_ms, RANGE_LEAST_MS);
        p->end_ms = p->begin_ms + RANGE_LEAST_MS;
    }
}

void
picture_print(struct json_object *result, FILE *out)
{
    struct picture p = {
        .out = out,
        .rows = json_get_array(result, FIELD_HISTORY),
        .events = json_get_array(result, FIELD_EVENTS),
        .step_ms = json_get_number(result, FIELD_STEP),
    };

    p.n = p.rows ? json_object_array_length(p.rows) : 0;
    p.wall_ms = calloc(p.n + 1, sizeof(*p.wall_ms));
    if (!p.wall_ms)
        return;
    read_rows(&p);
    print(&p, json_get_array(result, FIELD_VMS));
    free(p.wall_ms);
}
