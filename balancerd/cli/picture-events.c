/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Marks of what happened; what they mean is their title. */
#include <config.h>

#include <stdbool.h>
#include <string.h>

#include <json-c/json.h>

#include "picture.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "svg.h"

/* Nearer to each other than that they are one mark ... */
#define NEAR_TENTHS 90u
/* ... whose title has so many lines. */
#define TITLE_LINES 12

static const char *const bad_kinds[] = {
    "reservation-refused", "range-refused", "squeeze-begun", "swap-failed",
    "swap-refused",        "swap-leg-lost", "engine-failed", "config-refused",
    "host-lost",           "peer-down",     "lender-down",   "lease-overdue",
    "migration-advised",
};
static const char *const bad_states[] = { "stuck", "thrashing", "sustained",
                                          "emergency" };

static bool
is_one_of(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool
is_bad(struct json_object *e)
{
    return is_one_of(json_text(e, FIELD_KIND), bad_kinds,
                     sizeof(bad_kinds) / sizeof(bad_kinds[0])) ||
           is_one_of(json_text(e, FIELD_NEW_STATE), bad_states,
                     sizeof(bad_states) / sizeof(bad_states[0]));
}

int
picture_is_drawn(struct json_object *drawn, const char *uuid)
{
    return json_object_object_get_ex(drawn, uuid, NULL);
}

static bool
is_here(struct json_object *e, const char *uuid, struct json_object *drawn)
{
    const char *whose = json_text(e, FIELD_UUID);

    return uuid ? strcmp(whose, uuid) == 0 : !picture_is_drawn(drawn, whose);
}

static void
print_title(const struct picture *p, struct json_object *e)
{
    char time[PICTURE_TIME_SIZE];
    const char *name = json_text(e, FIELD_NAME);

    picture_time(p, json_get_number(e, FIELD_WALL), PICTURE_SECOND, time);
    fprintf(p->out, "%s ", time);
    svg_escaped(p->out, json_text(e, FIELD_KIND));
    fputs(name[0] ? " " : "", p->out);
    svg_escaped(p->out, name);
    fputs(": ", p->out);
    svg_escaped(p->out, json_text(e, FIELD_SENTENCE));
    fputc('\n', p->out);
}

/* Events that are one mark. */
struct heap {
    unsigned x;
    size_t n;
    bool is_bad;
    struct json_object *events[TITLE_LINES];
};

static void
print_heap(const struct picture *p, unsigned y, const struct heap *h)
{
    unsigned x = h->x;

    if (h->n == 0)
        return;
    fprintf(p->out, "<path class=\"%s\" d=\"M", h->is_bad ? "bad" : "event");
    svg_number(p->out, x - 45);
    fputc(',', p->out);
    svg_number(p->out, y);
    /* one points down, one up: they differ without colours, too */
    fputs(h->is_bad ? "h9l-4.5,9z\"><title>"
                    : "l4.5,9l4.5,-9l-4.5,-2z\"><title>",
          p->out);
    for (size_t i = 0; i < h->n && i < TITLE_LINES; i++)
        print_title(p, h->events[i]);
    if (h->n > TITLE_LINES)
        fprintf(p->out, "and %zu more\n", h->n - TITLE_LINES);
    fputs("</title></path>\n", p->out);
}

static void
take(struct heap *h, unsigned x, struct json_object *e)
{
    if (h->n == 0)
        h->x = x;
    if (h->n < TITLE_LINES)
        h->events[h->n] = e;
    h->n++;
    h->is_bad |= is_bad(e);
}

void
picture_marks(const struct picture *p, unsigned y, const char *uuid,
              struct json_object *drawn)
{
    struct heap heap = { 0 };
    size_t n = p->events ? json_object_array_length(p->events) : 0;

    for (size_t i = 0; i < n; i++) {
        struct json_object *e = json_object_array_get_idx(p->events, i);
        unsigned x = picture_x(p, json_get_number(e, FIELD_WALL));

        if (!is_here(e, uuid, drawn))
            continue;
        if (heap.n > 0 && x > heap.x + NEAR_TENTHS) {
            print_heap(p, y, &heap);
            heap = (struct heap){ 0 };
        }
        take(&heap, x, e);
    }
    print_heap(p, y, &heap);
}
