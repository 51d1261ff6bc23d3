/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Legs say whose they are; what is above them is found by who holds them. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "rswap-file.h"
#include "rswap-label.h"
#include "rswap-look.h"
#include "rswap-nbd.h"
#include "rswap-sysfs.h"
#include "util/units.h"

#define FILE_MARK "/rswap-"

static void
take_holder_name(char *to, const char *name)
{
    snprintf(to, RSWAP_DEVICE_SIZE, "%s", name);
}

/* A leg has one holder at most. */
static bool
take_holder(void *ctx, const char *name)
{
    take_holder_name(ctx, name);
    return false;
}

/* "/var/swap/rswap-8a1c... (deleted)" */
static bool
is_our_file(const char *path, char ret_uuid[PARSE_UUID_SIZE],
            char ret_leg[RSWAP_LEG_NAME_SIZE])
{
    char text[SYSFS_TEXT_SIZE];
    char *mark = NULL, *end;

    snprintf(text, sizeof(text), "%s", path);
    for (char *at = strstr(text, FILE_MARK); at; at = strstr(at + 1, FILE_MARK))
        mark = at;
    end = strstr(text, RSWAP_FILE_SUFFIX);
    if (!mark || (end && end < mark))
        return false;
    if (end)
        *end = '\0';
    if (parse_uuid(mark + strlen(FILE_MARK), ret_uuid) < 0)
        return false;
    *mark = '\0';
    if (strlen(text) >= RSWAP_DIRECTORY_SIZE)
        return false;
    snprintf(ret_leg, RSWAP_LEG_NAME_SIZE, "file:%.*s", RSWAP_DIRECTORY_SIZE,
             text[0] ? text : "/");
    return true;
}

/* Is this device a leg of a volume?  Then which. */
static enum rswap_leg_kind
leg_kind(const char *device, char ret_uuid[PARSE_UUID_SIZE],
         char ret_leg[RSWAP_LEG_NAME_SIZE])
{
    char text[SYSFS_TEXT_SIZE];

    if (strncmp(device, "nbd", 3) == 0 &&
        sysfs_read(device, "backend", text) == 0 &&
        rswap_nbd_is_ours(text, NULL, ret_uuid, ret_leg))
        return RSWAP_LEG_NBD;
    if (strncmp(device, "loop", 4) == 0 &&
        sysfs_read(device, "loop/backing_file", text) == 0 &&
        is_our_file(text, ret_uuid, ret_leg))
        return RSWAP_LEG_FILE;
    return RSWAP_LEG_NONE;
}

static bool
take_leg(void *ctx, const char *device)
{
    struct rswap_volume *v = ctx;
    struct rswap_found_leg *leg = &v->legs[v->n_legs];
    char uuid[PARSE_UUID_SIZE], name[RSWAP_LEG_NAME_SIZE];
    enum rswap_leg_kind kind = leg_kind(device, uuid, name);

    if (kind == RSWAP_LEG_NONE || strcmp(uuid, v->uuid) != 0)
        return true;
    leg->kind = kind;
    memcpy(leg->name, name, sizeof(name));
    take_holder_name(leg->device, device);
    leg->size_kib = sysfs_size_kib(device);
    return ++v->n_legs < RSWAP_LEGS_MAX;
}

/* "in_sync,write_mostly" */
static bool
has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    while (*words) {
        size_t n = strcspn(words, ",");

        if (n == length && memcmp(words, word, n) == 0)
            return true;
        words += n + (words[n] == ',');
    }
    return false;
}

static enum rswap_leg_state
leg_state(const char *md, const char *device)
{
    char attribute[SYSFS_PATH_SIZE], words[SYSFS_TEXT_SIZE];

    snprintf(attribute, sizeof(attribute), "md/dev-%s/state", device);
    if (!md[0] || sysfs_read(md, attribute, words) < 0)
        return RSWAP_LEG_UNUSED;
    if (has_word(words, "faulty"))
        return RSWAP_LEG_FAILED;
    return has_word(words, "in_sync") ? RSWAP_LEG_IN_SYNC : RSWAP_LEG_SYNCING;
}

/* "1024 / 65536"; anything else: nothing is being filled. */
static uint32_t
sync_permyriad(const char *md)
{
    char text[SYSFS_TEXT_SIZE];
    uint64_t done = 0, all = 0;
    size_t length;

    if (sysfs_read(md, "md/sync_completed", text) < 0)
        return PERMYRIAD;
    length = strcspn(text, " ");
    if (strncmp(text + length, " / ", 3) != 0 ||
        parse_u64_n(text, length, 0, UINT64_MAX, &done) < 0 ||
        parse_u64(text + length + 3, 1, UINT64_MAX, &all) < 0)
        return PERMYRIAD;
    return (uint32_t)mul_div(min_u64(done, all), PERMYRIAD, all);
}

static void
look_at_stack(struct rswap_volume *v)
{
    char state[SYSFS_TEXT_SIZE];
    uint64_t n_wanted = 0, n_there = 0;

    for (size_t i = 0; i < v->n_legs && !v->md[0]; i++)
        sysfs_each(v->legs[i].device, "holders", take_holder, v->md);
    v->sync_permyriad = PERMYRIAD;
    if (!v->md[0])
        return;
    v->is_running = sysfs_read(v->md, "md/array_state", state) == 0 &&
                    strcmp(state, "clear") != 0 &&
                    strcmp(state, "inactive") != 0;
    v->size_kib = sysfs_size_kib(v->md);
    v->sync_permyriad = sync_permyriad(v->md);
    for (size_t i = 0; i < v->n_legs; i++) {
        v->legs[i].state = leg_state(v->md, v->legs[i].device);
        n_there += v->legs[i].state == RSWAP_LEG_IN_SYNC ||
                   v->legs[i].state == RSWAP_LEG_SYNCING;
    }
    sysfs_read_u64(v->md, "md/raid_disks", &n_wanted);
    v->n_missing = (uint32_t)sat_sub(n_wanted, n_there);
}

/* What the guest has is not read: it may have to wait for a lender, and what
 * the guest makes of it is the guest's matter. */
void
rswap_look(struct rswap_store *st, const char *uuid, struct rswap_volume *ret)
{
    *ret = (struct rswap_volume){ .md = "" };
    memcpy(ret->uuid, uuid, sizeof(ret->uuid));
    sysfs_each("", "", take_leg, ret);
    look_at_stack(ret);
    rswap_store_look(st, ret);
    ret->is_labelled =
        ret->is_running && (ret->vbd.domid > 0 || rswap_label_is_there(ret));
}

struct all {
    char (*uuids)[PARSE_UUID_SIZE];
    size_t n;
};

static bool
take_volume(void *ctx, const char *device)
{
    struct all *all = ctx;
    char uuid[PARSE_UUID_SIZE], leg[RSWAP_LEG_NAME_SIZE];

    if (leg_kind(device, uuid, leg) == RSWAP_LEG_NONE)
        return true;
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->uuids[i], uuid) == 0)
            return true;
    memcpy(all->uuids[all->n++], uuid, sizeof(uuid));
    return all->n < RSWAP_VOLUMES_MAX;
}

size_t
rswap_look_all(char ret_uuids[RSWAP_VOLUMES_MAX][PARSE_UUID_SIZE])
{
    struct all all = { .uuids = ret_uuids };

    sysfs_each("", "", take_volume, &all);
    return all.n;
}
