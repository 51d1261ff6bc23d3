/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes keys, one by one: nobody else writes those of a volume. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <xenstore.h>

#include "proto/keys.h"
#include "rswap-store.h"
#include "util/cleanup.h"

/* libxl suspends by this channel if there is a number, and there is no channel
 * of this number.  It reads no further; people do. */
#define NO_CHANNEL \
 "2147483647: it has remote swap; first run balancerctl vm-swap-detach"

/* Two of our paths, one behind the other. */
#define PATH_SIZE (2 * KEYS_PATH_SIZE)

int
rswap_store_open(struct rswap_store *st, struct rswap_failure *f)
{
    st->xs = xs_open(0);
    if (!st->xs)
        return rswap_fail(f, RSWAP_SYSTEM,
                          "cannot connect to xenstore: %s; is this a Xen dom0?",
                          strerror(errno));
    return 0;
}

void
rswap_store_close(struct rswap_store *st)
{
    xs_close(st->xs);
    st->xs = NULL;
}

static char *
read_key(struct rswap_store *st, const char *path)
{
    return xs_read(st->xs, XBT_NULL, path, NULL);
}

static bool
key_is(struct rswap_store *st, const char *dir, const char *key,
       const char *value)
{
    char path[PATH_SIZE];
    cleanup_free char *is = NULL;

    snprintf(path, sizeof(path), "%s/%s", dir, key);
    is = read_key(st, path);
    return is && strcmp(is, value) == 0;
}

static void
libxl_path(char path[KEYS_PATH_SIZE], const struct rswap_vbd *vbd,
           const char *key)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_LIBXL "/%u/" KEY_LIBXL_VBDS "/%u%s%s",
             vbd->domid, vbd->devid, key[0] ? "/" : "", key);
}

static bool
is_secluded(struct rswap_store *st, const struct rswap_vbd *vbd)
{
    char path[KEYS_PATH_SIZE];
    cleanup_free char *known = NULL, *channel = NULL;

    libxl_path(path, vbd, KEY_LIBXL_BACKEND);
    known = read_key(st, path);
    channel = read_key(st, keys_domain(path, vbd->domid, KEY_SUSPEND_CHANNEL));
    return !known && channel && strcmp(channel, NO_CHANNEL) == 0;
}

static void
take_vbd(struct rswap_store *st, const char *dir, struct rswap_vbd *vbd)
{
    char path[PATH_SIZE];
    cleanup_free char *name = NULL;

    snprintf(path, sizeof(path), "%s/%s", dir, KEY_VBD_NAME);
    name = read_key(st, path);
    if (name && offer_vdev_is_good(name))
        memcpy(vbd->vdev, name, strlen(name) + 1);
    vbd->is_connected = key_is(st, dir, KEY_VBD_HOTPLUG, VBD_IS_CONNECTED);
}

/* Of one guest; true: it has the device. */
static bool
look_at_guest(struct rswap_store *st, const char *domid, const char *device,
              struct rswap_vbd *ret)
{
    char path[KEYS_PATH_SIZE];
    uint64_t domid_number, devid_number;
    unsigned n = 0;
    bool is_found = false;
    cleanup_free char **devids = NULL;

    snprintf(path, sizeof(path), KEYS_VBDS "/%s", domid);
    devids = xs_directory(st->xs, XBT_NULL, path, &n);
    for (unsigned i = 0; devids && i < n && !is_found; i++) {
        snprintf(path, sizeof(path), KEYS_VBDS "/%s/%s", domid, devids[i]);
        if (!key_is(st, path, KEY_VBD_PARAMS, device) ||
            parse_u64(domid, 1, UINT32_MAX, &domid_number) < 0 ||
            parse_u64(devids[i], 0, UINT32_MAX, &devid_number) < 0)
            continue;
        ret->domid = (uint32_t)domid_number;
        ret->devid = (uint32_t)devid_number;
        take_vbd(st, path, ret);
        ret->is_secluded = is_secluded(st, ret);
        is_found = true;
    }
    return is_found;
}

bool
rswap_store_has_vdev(struct rswap_store *st, uint32_t domid, const char *vdev)
{
    char path[KEYS_PATH_SIZE];
    unsigned n = 0;
    bool is_found = false;
    cleanup_free char **devids = NULL;

    snprintf(path, sizeof(path), KEYS_VBDS "/%u", domid);
    devids = xs_directory(st->xs, XBT_NULL, path, &n);
    for (unsigned i = 0; devids && i < n && !is_found; i++) {
        snprintf(path, sizeof(path), KEYS_VBDS "/%u/%s", domid, devids[i]);
        is_found = key_is(st, path, KEY_VBD_NAME, vdev);
    }
    return is_found;
}

static void
look_for_vbd(struct rswap_store *st, struct rswap_volume *v)
{
    char device[KEYS_PATH_SIZE];
    unsigned n = 0;
    cleanup_free char **domids = NULL;

    if (!v->md[0])
        return;
    snprintf(device, sizeof(device), "/dev/%s", v->md);
    domids = xs_directory(st->xs, XBT_NULL, KEYS_VBDS, &n);
    for (unsigned i = 0; domids && i < n; i++)
        if (look_at_guest(st, domids[i], device, &v->vbd))
            break;
}

static void
look_for_offer(struct rswap_store *st, struct rswap_volume *v)
{
    char path[KEYS_PATH_SIZE];
    unsigned n = 0;
    cleanup_free char **domids =
        xs_directory(st->xs, XBT_NULL, KEYS_GUESTS, &n);

    for (unsigned i = 0; domids && i < n && !v->is_offered; i++) {
        cleanup_free char *text = NULL;
        uint64_t domid;

        if (parse_u64(domids[i], 1, UINT32_MAX, &domid) < 0)
            continue;
        keys_offer(path, (uint32_t)domid, KEY_OFFERS, v->uuid);
        text = read_key(st, path);
        if (text && offer_parse(text, strlen(text), &v->offer) == 0) {
            v->is_offered = true;
            v->offer_domid = (uint32_t)domid;
        }
    }
}

void
rswap_store_look_answer(struct rswap_store *st, struct rswap_volume *v)
{
    char path[KEYS_PATH_SIZE];
    cleanup_free char *text = NULL;
    unsigned length = 0;

    v->answer = (struct offer_answer){ .state = OFFER_NO_ANSWER };
    if (!v->is_offered)
        return;
    keys_offer(path, v->offer_domid, KEY_ANSWERS, v->uuid);
    text = xs_read(st->xs, XBT_NULL, path, &length);
    if (text)
        offer_answer_parse(text, length, &v->answer);
}

void
rswap_store_look(struct rswap_store *st, struct rswap_volume *v)
{
    look_for_vbd(st, v);
    look_for_offer(st, v);
    rswap_store_look_answer(st, v);
}

int
rswap_store_offer(struct rswap_store *st, const struct rswap_volume *v,
                  const struct offer *o, struct rswap_failure *f)
{
    char path[KEYS_PATH_SIZE], text[OFFER_TEXT_SIZE];

    offer_format(o, text);
    keys_offer(path, v->vbd.domid, KEY_OFFERS, v->uuid);
    if (!xs_write(st->xs, XBT_NULL, path, text, (unsigned)strlen(text)))
        return rswap_fail(f, RSWAP_SYSTEM, "cannot write %s: %s", path,
                          strerror(errno));
    return 0;
}

static int
remove_key(struct rswap_store *st, const char *path, struct rswap_failure *f)
{
    if (!xs_rm(st->xs, XBT_NULL, path) && errno != ENOENT)
        return rswap_fail(f, RSWAP_SYSTEM, "cannot remove %s: %s", path,
                          strerror(errno));
    return 0;
}

static int
forget(struct rswap_store *st, const struct rswap_volume *v, const char *dir,
       struct rswap_failure *f)
{
    char path[KEYS_PATH_SIZE];

    keys_offer(path, v->offer_domid, dir, v->uuid);
    return remove_key(st, path, f);
}

/* The answer first: without the offer nobody would find it. */
int
rswap_store_forget(struct rswap_store *st, const struct rswap_volume *v,
                   struct rswap_failure *f)
{
    int r = forget(st, v, KEY_ANSWERS, f);

    return r < 0 ? r : forget(st, v, KEY_OFFERS, f);
}

/* Who owns the key may write it. */
static int
set_channel(struct rswap_store *st, uint32_t domid, const char *text,
            uint32_t owner, struct rswap_failure *f)
{
    struct xs_permissions permissions[] = {
        { .id = owner, .perms = XS_PERM_NONE },
        { .id = domid, .perms = XS_PERM_READ },
    };
    char path[KEYS_PATH_SIZE];

    keys_domain(path, domid, KEY_SUSPEND_CHANNEL);
    if (!xs_write(st->xs, XBT_NULL, path, text, (unsigned)strlen(text)) ||
        !xs_set_permissions(st->xs, XBT_NULL, path, permissions,
                            owner == domid ? 1 : 2))
        return rswap_fail(f, RSWAP_SYSTEM, "cannot write %s: %s", path,
                          strerror(errno));
    return 0;
}

int
rswap_store_seclude(struct rswap_store *st, const struct rswap_vbd *vbd,
                    struct rswap_failure *f)
{
    char path[KEYS_PATH_SIZE];
    int r = set_channel(st, vbd->domid, NO_CHANNEL, 0, f);

    libxl_path(path, vbd, "");
    return r < 0 ? r : remove_key(st, path, f);
}

int
rswap_store_release(struct rswap_store *st, const struct rswap_vbd *vbd,
                    struct rswap_failure *f)
{
    char path[KEYS_PATH_SIZE];
    unsigned n = 0;
    cleanup_free char **offers =
        xs_directory(st->xs, XBT_NULL,
                     keys_domain(path, vbd->domid, KEY_OFFERS), &n);

    return offers && n > 0 ? 0 : set_channel(st, vbd->domid, "", vbd->domid, f);
}

int
rswap_store_drop_vbd(struct rswap_store *st, const struct rswap_vbd *vbd,
                     struct rswap_failure *f)
{
    char path[KEYS_PATH_SIZE];
    unsigned n = 0;
    cleanup_free char **others = NULL;
    int r;

    snprintf(path, sizeof(path), KEYS_VBDS "/%u/%u", vbd->domid, vbd->devid);
    r = remove_key(st, path, f);
    if (r < 0)
        return r;
    snprintf(path, sizeof(path), KEYS_VBDS "/%u", vbd->domid);
    others = xs_directory(st->xs, XBT_NULL, path, &n);
    return others && n == 0 ? remove_key(st, path, f) : 0;
}
