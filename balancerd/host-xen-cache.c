/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of domains and the reading of their keys. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host-xen-cache.h"
#include "host-xen-sample.h"
#include "host-xen-watch.h"
#include "log.h"
#include "proto/keys.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

/* A guest's key is read no more often than this, however often it changes. */
#define GUEST_READ_INTERVAL_MS 500

#define CAPACITY_MIN 16

const char *const xen_key_names[XEN_KEY_N] = {
    [XEN_KEY_NAME] = KEY_NAME,
    [XEN_KEY_TARGET] = KEY_TARGET,
    [XEN_KEY_STATIC_MIN] = KEY_STATIC_MIN,
    [XEN_KEY_DYNAMIC_MIN] = KEY_DYNAMIC_MIN,
    [XEN_KEY_DYNAMIC_MAX] = KEY_DYNAMIC_MAX,
    [XEN_KEY_STATIC_MAX] = KEY_STATIC_MAX,
    [XEN_KEY_VIDEORAM] = KEY_VIDEORAM,
    [XEN_KEY_FEATURE_BALLOON] = KEY_FEATURE_BALLOON,
    [XEN_KEY_MEMINFO_FREE] = KEY_MEMINFO_FREE,
    [XEN_KEY_MEMINFO] = KEY_MEMINFO,
    [XEN_KEY_SAMPLE] = KEY_SAMPLE,
};

void
xen_cache_done(struct xen_cache *c)
{
    free(c->domains);
    *c = (struct xen_cache){ 0 };
}

/* Where domid is, or would be. */
static size_t
lower_bound(const struct xen_cache *c, uint32_t domid)
{
    size_t lo = 0, hi = c->n;

    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;

        if (c->domains[middle].domid < domid)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

struct xen_domain *
xen_cache_find(struct xen_cache *c, uint32_t domid)
{
    size_t at = lower_bound(c, domid);

    if (at == c->n || c->domains[at].domid != domid)
        return NULL;
    return &c->domains[at];
}

static int
grow(struct xen_cache *c)
{
    size_t capacity = c->capacity > 0 ? c->capacity * 2 : CAPACITY_MIN;
    struct xen_domain *grown;

    if (c->n < c->capacity)
        return 0;
    grown = reallocarray(c->domains, capacity, sizeof(grown[0]));
    if (!grown)
        return -ENOMEM;
    c->domains = grown;
    c->capacity = capacity;
    return 0;
}

static void
init(struct xen_domain *d, uint32_t domid, const char *uuid)
{
    *d = (struct xen_domain){ .domid = domid, .dirty = XEN_KEYS_ALL };
    memcpy(d->uuid, uuid, HOST_UUID_SIZE);
    for (unsigned key = 0; key < XEN_KEY_N; key++)
        d->values[key] = HOST_UNSET;
}

static int
insert(struct xen_cache *c, uint32_t domid, const char *uuid)
{
    size_t at = lower_bound(c, domid);
    int r = grow(c);

    if (r < 0)
        return r;
    memmove(&c->domains[at + 1], &c->domains[at],
            (c->n - at) * sizeof(c->domains[0]));
    init(&c->domains[at], domid, uuid);
    c->n++;
    return 0;
}

/* An earlier daemon wrote the uuid of a domain that it saw obey; a later
 * domain with the same domid must not inherit that. */
static bool
read_proof(struct xen_cache *c, uint32_t domid, const char *uuid)
{
    char path[KEYS_PATH_SIZE];
    cleanup_free char *value =
        xs_read(c->xs, XBT_NULL, keys_status(path, domid, KEY_CAN_BALLOON),
                NULL);

    return value && strcmp(value, uuid) == 0;
}

int
xen_cache_see(struct xen_cache *c, uint32_t domid, const char *uuid,
              uint64_t now_ms)
{
    struct xen_domain *d = xen_cache_find(c, domid);
    int r;

    if (d && strcmp(d->uuid, uuid) == 0) {
        d->is_seen = true;
        return 0;
    }
    if (d) {
        xen_watch_disarm(c, d);
        init(d, domid, uuid);
    } else {
        r = insert(c, domid, uuid);
        if (r < 0)
            return r;
        d = xen_cache_find(c, domid);
    }
    xen_watch_arm(c, d, now_ms);
    d->is_proven = read_proof(c, domid, uuid);
    d->is_seen = true;
    c->has_dirty = true;
    return 0;
}

void
xen_cache_sweep(struct xen_cache *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->n; i++) {
        struct xen_domain *d = &c->domains[i];

        if (!d->is_seen) {
            xen_watch_disarm(c, d);
            continue;
        }
        d->is_seen = false;
        if (kept != i)
            c->domains[kept] = *d;
        kept++;
    }
    c->n = kept;
}

void
xen_cache_touch(struct xen_cache *c, const char *path)
{
    static const char prefix[] = KEYS_GUESTS "/";
    const char *domid_text = path + strlen(prefix), *slash;
    struct xen_domain *d;
    uint64_t domid;

    if (strncmp(path, prefix, strlen(prefix)) != 0)
        return;
    slash = strchr(domid_text, '/');
    if (!slash || parse_u64_n(domid_text, (size_t)(slash - domid_text), 0,
                              UINT32_MAX, &domid) < 0)
        return;
    d = xen_cache_find(c, (uint32_t)domid);
    for (unsigned key = 0; key < XEN_KEY_N && d; key++)
        if (strcmp(slash + 1, xen_key_names[key]) == 0) {
            d->dirty |= 1u << key;
            c->has_dirty = true;
        }
}

/* A long name is cut between two characters. */
static void
copy_name(char ret_name[HOST_NAME_SIZE], const char *text)
{
    size_t length = strnlen(text, HOST_NAME_SIZE);

    if (length == HOST_NAME_SIZE) {
        length--;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(ret_name, text, length);
    ret_name[length] = '\0';
}

/* true if that changed the name; NULL: there is none. */
static bool
take_name(struct xen_domain *d, const char *untrusted_text)
{
    char name[HOST_NAME_SIZE];

    copy_name(name, untrusted_text ? untrusted_text : "");
    if (strcmp(name, d->name) == 0)
        return false;
    memcpy(d->name, name, sizeof(name));
    return true;
}

/* true if that changed the value. */
static bool
take_value(struct xen_domain *d, enum xen_key key, const char *untrusted_text)
{
    uint64_t value = HOST_UNSET;
    uint32_t garbled = d->garbled & ~(1u << key);

    if (parse_u64(untrusted_text, 0, HOST_AMOUNT_MAX_KIB, &value) < 0) {
        value = HOST_UNSET;
        if (untrusted_text)
            garbled |= 1u << key;
    }
    if (value == d->values[key] && garbled == d->garbled)
        return false;
    d->values[key] = value;
    d->garbled = garbled;
    return true;
}

/* true if what changed cannot wait.  On failure the old value stays. */
static bool
read_key(struct xen_cache *c, struct xen_domain *d, enum xen_key key)
{
    char path[KEYS_PATH_SIZE];
    unsigned length = 0;
    cleanup_free char *value =
        xs_read(c->xs, XBT_NULL,
                keys_domain(path, d->domid, xen_key_names[key]), &length);

    if (!value && errno != ENOENT) {
        log_warn(errno, "dom %u: cannot read %s; its last value stays",
                 d->domid, xen_key_names[key]);
        return false;
    }
    if (key == XEN_KEY_NAME)
        return take_name(d, value);
    if (key == XEN_KEY_SAMPLE)
        return xen_sample_take(d, value, length);
    /* A guest tells how much is available as often as it likes. */
    return take_value(d, key, value) && key < XEN_KEY_MEMINFO_FREE;
}

/* May this dirty key be read now?  If so, that is noted. */
static bool
take_turn(struct xen_domain *d, enum xen_key key, uint64_t now_ms)
{
    uint64_t *last_ms;

    if (key < XEN_KEY_GUESTS)
        return true;
    last_ms = &d->guest_read_ms[key - XEN_KEY_GUESTS];
    if (*last_ms != 0 && now_ms - *last_ms < GUEST_READ_INTERVAL_MS)
        return false;
    *last_ms = now_ms;
    return true;
}

static bool
read_domain(struct xen_cache *c, struct xen_domain *d, uint64_t now_ms)
{
    bool is_news = false;

    for (unsigned key = 0; key < XEN_KEY_N; key++) {
        if (!(d->dirty & 1u << key) || !take_turn(d, key, now_ms))
            continue;
        d->dirty &= ~(1u << key);
        is_news |= read_key(c, d, key);
    }
    return is_news;
}

bool
xen_cache_read_due(struct xen_cache *c, uint64_t now_ms)
{
    bool is_news = false, has_dirty = false;

    for (size_t i = 0; i < c->n && c->has_dirty; i++) {
        struct xen_domain *d = &c->domains[i];

        if (d->dirty != 0)
            is_news |= read_domain(c, d, now_ms);
        has_dirty |= d->dirty != 0;
    }
    c->has_dirty = has_dirty;
    return is_news;
}
