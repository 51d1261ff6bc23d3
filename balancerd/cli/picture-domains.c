/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A panel for each domain: what it held as an area, its target as a line. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "picture.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "svg.h"
#include "util/text.h"
#include "util/units.h"

#define TENTHS      10u
#define NONE        UINT64_MAX
#define ROOM        760u /* for all of them, if they fit */
#define HEIGHT_MOST 130u
/* Two labels, one above the other. */
#define HEIGHT_LEAST 44u
#define BETWEEN      14u
#define NAME_LETTERS 11

struct series {
    char title[112];
    const char *name;  /* all of it */
    const char *uuid;  /* NULL: several */
    uint64_t held_kib; /* its sum, to compare with others */
    uint64_t *targets;
    uint64_t *actuals;
};

struct list {
    size_t n;
    struct series *all;
};

static uint64_t
value(struct json_object *array, size_t i)
{
    struct json_object *v = array && i < json_object_array_length(array)
                                ? json_object_array_get_idx(array, i)
                                : NULL;
    int64_t kib = v ? json_object_get_int64(v) : -1;

    return kib < 0 ? NONE : (uint64_t)kib;
}

/* The first letters of a name; a letter may be several bytes. */
static void
cut(char to[80], const char *name)
{
    size_t letters = 0, i = 0;

    for (; name[i] && i + 4 < 76; i++) {
        letters += ((unsigned char)name[i] & 0xc0) != 0x80;
        if (letters > NAME_LETTERS)
            break;
    }
    snprintf(to, 80, "%.*s%s", (int)i, name, name[i] ? "..." : "");
}

static void
read_series(const struct picture *p, struct json_object *vm, struct series *s)
{
    struct json_object *targets = json_get_array(vm, FIELD_TARGETS);
    struct json_object *actuals = json_get_array(vm, FIELD_ACTUALS);
    char name[80];

    cut(name, json_text(vm, FIELD_NAME));
    snprintf(s->title, sizeof(s->title), "%s (%" PRIu64 ")", name,
             json_get_number(vm, FIELD_DOMID));
    s->name = json_text(vm, FIELD_NAME);
    s->uuid = json_text(vm, FIELD_UUID);
    for (size_t i = 0; i < p->n; i++) {
        s->targets[i] = value(targets, i);
        s->actuals[i] = value(actuals, i);
        if (s->actuals[i] != NONE)
            s->held_kib = sat_add(s->held_kib, s->actuals[i]);
    }
}

static void
done(struct list *l)
{
    for (size_t i = 0; l->all && i < l->n; i++) {
        free(l->all[i].targets);
        free(l->all[i].actuals);
    }
    free(l->all);
}

static int
read_list(const struct picture *p, struct json_object *vms, struct list *ret)
{
    struct list l = { .n = vms ? json_object_array_length(vms) : 0 };

    l.all = calloc(l.n + 1, sizeof(*l.all));
    for (size_t i = 0; l.all && i < l.n; i++) {
        l.all[i].targets = calloc(p->n + 1, sizeof(uint64_t));
        l.all[i].actuals = calloc(p->n + 1, sizeof(uint64_t));
        if (!l.all[i].targets || !l.all[i].actuals) {
            done(&l);
            return -1;
        }
        read_series(p, json_object_array_get_idx(vms, i), &l.all[i]);
    }
    *ret = l;
    return l.all ? 0 : -1;
}

static void
add_value(uint64_t *to, uint64_t kib)
{
    if (kib != NONE)
        *to = *to == NONE ? kib : sat_add(*to, kib);
}

/* The one that held least of the first n goes to the end. */
static void
move_least(struct list *l, size_t n)
{
    size_t least = 0;
    struct series s;

    for (size_t i = 0; i < n; i++)
        if (l->all[i].held_kib < l->all[least].held_kib)
            least = i;
    s = l->all[least];
    for (size_t i = least; i + 1 < n; i++)
        l->all[i] = l->all[i + 1];
    l->all[n - 1] = s;
}

static void
add_series(const struct picture *p, struct series *sum, struct series *s)
{
    for (size_t i = 0; i < p->n; i++) {
        add_value(&sum->targets[i], s->targets[i]);
        add_value(&sum->actuals[i], s->actuals[i]);
    }
    free(s->targets);
    free(s->actuals);
}

/* Those that held least become one, the last one. */
static void
join_least(const struct picture *p, struct list *l)
{
    size_t n_others = 1;

    if (l->n <= PICTURE_DOMAINS)
        return;
    move_least(l, l->n);
    for (; l->n > PICTURE_DOMAINS; l->n--) {
        struct series *others = &l->all[l->n - 1];

        move_least(l, l->n - 1);
        add_series(p, others, &l->all[l->n - 2]);
        l->all[l->n - 2] = *others;
        n_others++;
    }
    l->all[l->n - 1].uuid = NULL;
    l->all[l->n - 1].name = "those that held least";
    snprintf(l->all[l->n - 1].title, sizeof(l->all[0].title), "%zu others",
             n_others);
}

static uint64_t
largest(const struct picture *p, const struct series *s)
{
    uint64_t kib = KIB_PER_MIB;

    for (size_t i = 0; i < p->n; i++) {
        if (s->targets[i] != NONE)
            kib = max_u64(kib, s->targets[i]);
        if (s->actuals[i] != NONE)
            kib = max_u64(kib, s->actuals[i]);
    }
    return kib;
}

static void
draw_series(const struct picture *p, const struct series *s,
            const struct panel *panel, struct json_object *drawn)
{
    picture_amounts(p, panel, panel->height / 24);
    picture_area(p, panel, s->actuals, "held");
    picture_line(p, panel, s->targets, "target");
    svg_named(p->out, 8 * TENTHS, (panel->top + panel->height / 2 + 4) * TENTHS,
              s->title, s->name);
    if (s->uuid)
        picture_marks(p, (panel->top - 9) * TENTHS, s->uuid, drawn);
}

static unsigned
height_of_one(size_t n)
{
    return (unsigned)clamp_u64(ROOM / max_u64(n, 1), HEIGHT_LEAST, HEIGHT_MOST);
}

unsigned
picture_domains_height(size_t n)
{
    n = (size_t)min_u64(n, PICTURE_DOMAINS);
    return (unsigned)n * height_of_one(n);
}

void
picture_domains(const struct picture *p, struct json_object *vms, unsigned top,
                struct json_object *drawn)
{
    struct list l = { 0 };
    unsigned height;

    if (read_list(p, vms, &l) < 0)
        return;
    join_least(p, &l);
    height = height_of_one(l.n);
    for (size_t i = 0; i < l.n; i++)
        if (l.all[i].uuid)
            json_set_bool(drawn, l.all[i].uuid, true);
    for (size_t i = 0; i < l.n; i++) {
        const struct panel panel = {
            .top = top + BETWEEN,
            .height = height - BETWEEN,
            .full_kib = largest(p, &l.all[i]),
        };

        draw_series(p, &l.all[i], &panel, drawn);
        top += height;
    }
    done(&l);
}
