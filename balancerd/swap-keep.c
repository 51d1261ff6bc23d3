/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Volumes as JSON, and as a file. */
#include <config.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "log.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "swap-keep.h"
#include "util/cleanup.h"
#include "util/file.h"

#define VERSION   1
#define FILE_NAME "volumes"
#define BAD_NAME  "volumes.bad"

static const char *const wishes[] = {
    [SWAP_WANTED] = "wanted",
    [SWAP_UNWANTED] = "unwanted",
    [SWAP_FORCED] = "forced",
};
#define N_WISHES (sizeof(wishes) / sizeof(wishes[0]))

static struct json_object *
format_volume(const struct swap_volume *v)
{
    struct json_object *object = json_object_new_object();
    struct json_object *legs;

    json_set_text(object, FIELD_VOLUME, v->uuid);
    json_set_text(object, FIELD_VM_UUID, v->domain);
    json_set_number(object, FIELD_DOMID, v->domid);
    json_set_number(object, FIELD_SWAP_SIZE, v->size_kib);
    json_set_text(object, FIELD_SWAP_WISH, wishes[v->wish]);
    json_set_text(object, FIELD_SWAP_PEER, v->peer);
    json_set_bool(object, FIELD_SWAP_AUTOMATIC, v->is_automatic);
    json_set_number(object, FIELD_SWAP_MOVE, v->move_kib_per_s);
    legs = json_set(object, FIELD_SWAP_LEGS, json_object_new_array());
    for (size_t i = 0; i < v->n_legs; i++) {
        struct json_object *leg = json_object_new_object();

        json_set_text(leg, FIELD_RSWAP_LEG, v->legs[i]);
        json_set_text(leg, FIELD_SWAP_LENDER, v->lenders[i]);
        json_object_array_add(legs, leg);
    }
    legs = json_set(object, FIELD_SWAP_OWED, json_object_new_array());
    for (size_t i = 0; i < v->n_owed; i++)
        json_object_array_add(legs, json_object_new_string(v->owed[i]));
    return object;
}

char *
swap_keep_format(const struct swap *s)
{
    cleanup_json struct json_object *object = json_object_new_object();
    struct json_object *list;
    size_t length;

    json_set_number(object, FIELD_VERSION, VERSION);
    list = json_set(object, FIELD_VOLUMES, json_object_new_array());
    for (size_t i = 0; i < s->n; i++)
        if (s->list[i]->state != VOLUME_ENDED)
            json_object_array_add(list, format_volume(s->list[i]));
    return json_line(object, &length);
}

static int
parse_wish(const char *text, enum swap_wish *ret)
{
    for (size_t i = 0; i < N_WISHES; i++)
        if (strcmp(text, wishes[i]) == 0) {
            *ret = (enum swap_wish)i;
            return 0;
        }
    return -EINVAL;
}

/* 0, or -EINVAL: it does not fit. */
static int
copy(char *to, size_t size, const char *text)
{
    size_t length = strlen(text);

    if (length >= size)
        return -EINVAL;
    memcpy(to, text, length + 1);
    return 0;
}

static int
parse_leg(struct json_object *object, struct swap_volume *v, size_t i)
{
    const char *text = json_text(object, FIELD_RSWAP_LEG);
    const char *lender = json_text(object, FIELD_SWAP_LENDER);
    struct rswap_leg leg;

    if (!json_object_is_type(object, json_type_object))
        return -EINVAL;
    /* "": nobody has lent it yet. */
    if (text[0] && rswap_leg_parse(text, &leg) < 0)
        return -EINVAL;
    return copy(v->legs[i], sizeof(v->legs[i]), text) < 0 ||
                   copy(v->lenders[i], sizeof(v->lenders[i]), lender) < 0
               ? -EINVAL
               : 0;
}

static int
parse_legs(struct json_object *object, struct swap_volume *v)
{
    struct json_object *legs = json_get_array(object, FIELD_SWAP_LEGS);
    size_t n = legs ? json_object_array_length(legs) : 0;
    int r = 0;

    if (n < RSWAP_LEGS_MIN || n > RSWAP_LEGS_MAX)
        return -EINVAL;
    for (v->n_legs = 0; r == 0 && v->n_legs < n; v->n_legs++)
        r = parse_leg(json_object_array_get_idx(legs, v->n_legs), v, v->n_legs);
    return r;
}

static int
parse_owed(struct json_object *object, struct swap_volume *v)
{
    struct json_object *owed = json_get_array(object, FIELD_SWAP_OWED);
    size_t n = owed ? json_object_array_length(owed) : SIZE_MAX;
    int r = 0;

    if (n > SWAP_OWED_MAX)
        return -EINVAL;
    for (v->n_owed = 0; r == 0 && v->n_owed < n; v->n_owed++) {
        struct json_object *name = json_object_array_get_idx(owed, v->n_owed);

        r = json_object_is_type(name, json_type_string)
                ? copy(v->owed[v->n_owed], SWAP_LENDER_SIZE,
                       json_object_get_string(name))
                : -EINVAL;
    }
    return r;
}

static int
parse_rest(struct json_object *object, struct swap_volume *v)
{
    int r = parse_legs(object, v);

    v->is_automatic = json_get_bool(object, FIELD_SWAP_AUTOMATIC);
    v->move_kib_per_s = json_get_number(object, FIELD_SWAP_MOVE);
    if (v->move_kib_per_s == HOST_UNSET)
        v->move_kib_per_s = 0;
    if (r == 0)
        r = parse_owed(object, v);
    if (r == 0)
        r = copy(v->peer, sizeof(v->peer), json_text(object, FIELD_SWAP_PEER));
    return r;
}

static int
parse_volume(struct json_object *object, struct swap *s)
{
    struct swap_volume *v = swap_new(s);
    uint64_t domid = json_get_number(object, FIELD_DOMID);

    if (!v)
        return -ENOMEM;
    v->state = VOLUME_FOUND;
    v->size_kib = json_get_number(object, FIELD_SWAP_SIZE);
    v->domid = (uint32_t)domid;
    if (parse_uuid(json_text(object, FIELD_VOLUME), v->uuid) < 0 ||
        parse_uuid(json_text(object, FIELD_VM_UUID), v->domain) < 0 ||
        parse_wish(json_text(object, FIELD_SWAP_WISH), &v->wish) < 0 ||
        parse_rest(object, v) < 0 || domid > UINT16_MAX ||
        v->size_kib == HOST_UNSET || swap_find(s, v->uuid) != v) {
        swap_drop(s, v);
        return -EINVAL;
    }
    return 0;
}

int
swap_keep_parse(const char *text, size_t length, struct swap *ret,
                char error[SWAP_KEEP_ERROR_SIZE])
{
    cleanup_json struct json_object *object = json_parse(text, length);
    struct json_object *list;
    int r;

    snprintf(error, SWAP_KEEP_ERROR_SIZE, "it is cut short or damaged");
    if (!object || !json_object_is_type(object, json_type_object))
        return -EINVAL;
    r = json_check_version(object, VERSION, error, SWAP_KEEP_ERROR_SIZE);
    list = json_get_array(object, FIELD_VOLUMES);
    if (r == 0 && !list)
        r = -EINVAL;
    for (size_t i = 0; r == 0 && i < json_object_array_length(list); i++)
        r = parse_volume(json_object_array_get_idx(list, i), ret);
    return r;
}

static int
save(const struct swap *s)
{
    cleanup_free char *text = swap_keep_format(s);
    cleanup_close int dir_fd = file_open_dir(s->dir);

    if (!text)
        return -ENOMEM;
    return dir_fd < 0 ? dir_fd : file_replace(dir_fd, FILE_NAME, text);
}

int
swap_keep_save(const struct swap *s, char error[SWAP_KEEP_ERROR_SIZE])
{
    int r;

    if (!s->dir)
        return 0;
    if (s->is_foreign) {
        snprintf(error, SWAP_KEEP_ERROR_SIZE,
                 "%.160s/" FILE_NAME " was written by a newer balancerd; this "
                 "one leaves it alone",
                 s->dir);
        return -EPERM;
    }
    r = save(s);
    if (r < 0)
        snprintf(error, SWAP_KEEP_ERROR_SIZE,
                 "volumes cannot be kept in %.160s: %s", s->dir, strerror(-r));
    return r;
}

static void
refuse_file(struct swap *s, int dir_fd, int r, const char *why)
{
    if (r == -ENOTSUP) {
        s->is_foreign = true;
        log_warnx("%s/" FILE_NAME ": %s; it is left alone", s->dir, why);
        return;
    }
    log_warnx("%s/" FILE_NAME ": %s; it is set aside as " BAD_NAME
              ", and what there is of volumes has to be detached by hand",
              s->dir, why);
    if (renameat(dir_fd, FILE_NAME, dir_fd, BAD_NAME) < 0)
        log_warn(errno, "%s/" FILE_NAME " cannot be renamed", s->dir);
}

void
swap_keep_load(struct swap *s, const char *dir)
{
    cleanup_free char *text = malloc(SWAP_KEEP_SIZE);
    cleanup_close int dir_fd = dir ? file_open_dir(dir) : -1;
    char why[SWAP_KEEP_ERROR_SIZE];
    size_t length = 0;
    int r;

    s->dir = dir;
    if (!text || dir_fd < 0)
        return; /* that of the settings: it was told */
    r = file_read(dir_fd, FILE_NAME, text, SWAP_KEEP_SIZE, &length);
    if (r == -ENOENT)
        return;
    snprintf(why, sizeof(why), "%s", strerror(-r));
    if (r == 0)
        r = swap_keep_parse(text, length, s, why);
    if (r < 0)
        refuse_file(s, dir_fd, r, why);
}
