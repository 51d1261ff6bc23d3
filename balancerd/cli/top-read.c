/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON in, texts of printable ASCII and amounts out. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "proto/fields.h"
#include "proto/request-json.h"
#include "top-keys.h"
#include "top-read.h"
#include "util/clock.h"

/* Rows are counted in bytes: what is not ASCII is one "?" a character. */
static void
copy_ascii(char *to, size_t size, const char *text)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= ' ' && c < 0x7f)
            to[n++] = *text;
        else if ((c & 0xc0) != 0x80) /* the first byte of a letter */
            to[n++] = '?';
    }
    to[n] = '\0';
}

static bool
is_word(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

/* What the events call thrashing (notice.c): all from there on. */
static bool
is_thrashing(const char *memory_state)
{
    return is_word(memory_state, "thrash") ||
           is_word(memory_state, "sustained") ||
           is_word(memory_state, "emergency");
}

static void
read_domain(struct top_domain *ret, struct json_object *vm)
{
    const char *state = json_text(vm, FIELD_STATE);

    *ret = (struct top_domain){
        .domid = (uint32_t)json_get_number(vm, FIELD_DOMID),
        .min_kib = json_get_number(vm, FIELD_DYNAMIC_MIN),
        .max_kib = json_get_number(vm, FIELD_DYNAMIC_MAX),
        .target_kib = json_get_number(vm, FIELD_TARGET),
        .actual_kib = json_get_number(vm, FIELD_ACTUAL),
        .is_stuck = is_word(state, "stuck"),
        .is_thrashing = is_thrashing(json_text(vm, FIELD_THRASH)),
    };
    copy_ascii(ret->uuid, sizeof(ret->uuid), json_text(vm, FIELD_UUID));
    copy_ascii(ret->name, sizeof(ret->name), json_text(vm, FIELD_NAME));
    copy_ascii(ret->state, sizeof(ret->state), state);
}

static void
read_host(struct top_host *ret, struct json_object *host)
{
    *ret = (struct top_host){
        .total_kib = json_get_number(host, FIELD_TOTAL),
        .xen_kib = json_get_number(host, FIELD_XEN),
        .dom0_kib = json_get_number(host, FIELD_DOM0),
        .domains_kib = json_get_number(host, FIELD_DOMAINS_KIB),
        .reserved_kib = json_get_number(host, FIELD_RESERVED),
        .free_kib = json_get_number(host, FIELD_FREE),
        .host_reserve_kib = json_get_number(host, FIELD_HOST_RESERVE),
        .promised_kib = json_get_number(host, FIELD_PROMISED),
    };
}

static void
count_reservations(struct top *t, struct json_object *list)
{
    t->n_reservations = list ? json_object_array_length(list) : 0;
    t->n_pending = 0;
    for (size_t i = 0; i < t->n_reservations; i++)
        t->n_pending +=
            is_word(json_text(json_object_array_get_idx(list, i), FIELD_STATE),
                    "pending");
}

int
top_read(struct top *t, struct json_object *result)
{
    struct json_object *list = json_get_array(result, FIELD_VMS);
    size_t n = list ? json_object_array_length(list) : 0;
    struct top_domain *domains = calloc(n + 1, sizeof(*domains));
    struct json_object *host = NULL;
    char time[CLOCK_TEXT_SIZE];

    if (!domains)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        read_domain(&domains[i], json_object_array_get_idx(list, i));
    free(t->domains);
    t->domains = domains;
    t->n_domains = n;
    json_object_object_get_ex(result, FIELD_HOST, &host);
    read_host(&t->host, host);
    count_reservations(t, json_get_array(result, FIELD_RESERVATIONS));
    /* "2026-01-31T23:59:59.123+01:00" */
    snprintf(t->time, sizeof(t->time), "%.8s",
             clock_text(time, clock_wall_ms()) + 11);
    top_arrange(t);
    return 0;
}

void
top_done(struct top *t)
{
    free(t->domains);
    t->domains = NULL;
    t->n_domains = 0;
}
