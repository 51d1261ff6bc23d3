/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches: one on each key of each domain, so that no other key wakes us. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host-xen-cache.h"
#include "host-xen-watch.h"
#include "log.h"
#include "proto/keys.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

/* More may have fired; they are taken in the next time. */
#define EVENTS_PER_DRAIN 256

/* "<domid>/<key's number>" */
#define TOKEN_SIZE 24

/* The token of the watches on domains that come and go. */
#define LIST_TOKEN "list"

/* The token of the watch on a directory of ours. */
#define CHANGES_TOKEN "changes"

#define GUEST_KEYS ((1u << XEN_KEY_N) - (1u << XEN_KEY_GUESTS))

int
xen_watch_begin(struct xen_cache *c)
{
    if (c->is_watching)
        return 0;
    if (!xs_watch(c->xs, "@introduceDomain", LIST_TOKEN) && errno != EEXIST)
        return -errno;
    if (!xs_watch(c->xs, "@releaseDomain", LIST_TOKEN) && errno != EEXIST)
        return -errno;
    c->is_watching = true;
    return 0;
}

void
xen_watch_changes(struct xen_cache *c, uint64_t now_ms)
{
    if (!c->changes.dir || c->is_watching_changes || now_ms < c->rewatch_ms)
        return;
    c->is_watching_changes = xs_watch(c->xs, c->changes.dir, CHANGES_TOKEN);
    if (c->is_watching_changes)
        return;
    c->rewatch_ms = now_ms + XEN_FLOOD_COOL_DOWN_MS;
    log_warn(errno, "cannot watch %s; trying again in %d s", c->changes.dir,
             XEN_FLOOD_COOL_DOWN_MS / (int)MS_PER_S);
}

static void
format_token(char token[TOKEN_SIZE], const struct xen_domain *d, unsigned key)
{
    snprintf(token, TOKEN_SIZE, "%u/%u", d->domid, key);
}

/* false for a token that is none of ours. */
static bool
parse_token(const char *token, uint64_t *ret_domid, uint64_t *ret_key)
{
    const char *slash = strchr(token, '/');

    return slash &&
           parse_u64_n(token, (size_t)(slash - token), 0, UINT32_MAX,
                       ret_domid) == 0 &&
           parse_u64(slash + 1, 0, XEN_KEY_N - 1, ret_key) == 0;
}

/* A key is read once it has a watch: nothing is missed in between. */
static void
note_armed(struct xen_cache *c, struct xen_domain *d, unsigned key)
{
    d->watched |= 1u << key;
    d->fresh |= 1u << key;
    d->dirty |= 1u << key;
    c->has_dirty = true;
}

void
xen_watch_arm(struct xen_cache *c, struct xen_domain *d, uint64_t now_ms)
{
    if (d->watched == XEN_KEYS_ALL || now_ms < d->rearm_ms)
        return;
    for (unsigned key = 0; key < XEN_KEY_N; key++) {
        char path[KEYS_PATH_SIZE], token[TOKEN_SIZE];

        if (d->watched & 1u << key)
            continue;
        keys_domain(path, d->domid, xen_key_names[key]);
        format_token(token, d, key);
        if (xs_watch(c->xs, path, token)) {
            note_armed(c, d, key);
            continue;
        }
        d->rearm_ms = now_ms + XEN_FLOOD_COOL_DOWN_MS;
        log_warn(errno, "dom %u: cannot watch %s; trying again in %d s",
                 d->domid, xen_key_names[key],
                 XEN_FLOOD_COOL_DOWN_MS / (int)MS_PER_S);
    }
}

static void
disarm_keys(struct xen_cache *c, struct xen_domain *d, uint32_t keys)
{
    for (unsigned key = 0; key < XEN_KEY_N; key++) {
        char path[KEYS_PATH_SIZE], token[TOKEN_SIZE];

        if (!(d->watched & keys & 1u << key))
            continue;
        keys_domain(path, d->domid, xen_key_names[key]);
        format_token(token, d, key);
        /* It fails only if xenstored is gone, and our watches with it. */
        xs_unwatch(c->xs, path, token);
    }
    d->watched &= ~keys;
}

void
xen_watch_disarm(struct xen_cache *c, struct xen_domain *d)
{
    disarm_keys(c, d, UINT32_MAX);
}

static void
note_guest_event(struct xen_cache *c, struct xen_domain *d, uint64_t now_ms)
{
    enum xen_flood_verdict verdict = xen_flood_note(&d->flood, now_ms);

    if (verdict == XEN_FLOOD_NONE)
        return;
    disarm_keys(c, d, GUEST_KEYS);
    d->rearm_ms = now_ms + XEN_FLOOD_COOL_DOWN_MS;
    if (verdict == XEN_FLOOD_COMPLAIN)
        log_warnx("dom %u: writes its xenstore keys more than %d times a "
                  "second; they are read every %d s until that ends",
                  d->domid, XEN_FLOOD_EVENTS,
                  XEN_FLOOD_COOL_DOWN_MS / (int)MS_PER_S);
}

/* 1 if a domain came or went, or something of ours was changed; 0 else. */
static int
take_event(struct xen_cache *c, const char *path, const char *token,
           uint64_t now_ms)
{
    struct xen_domain *d;
    uint64_t domid, key;

    if (strcmp(token, LIST_TOKEN) == 0)
        return 1;
    if (strcmp(token, CHANGES_TOKEN) == 0)
        return host_changes_note(&c->changes, path);
    if (!parse_token(token, &domid, &key))
        return 0;
    /* An event may outlive its watch and its domain. */
    d = xen_cache_find(c, (uint32_t)domid);
    if (!d || !(d->watched & 1u << key))
        return 0;
    /* Every watch fires when it is set, before we read: that is no news. */
    if (d->fresh & 1u << key) {
        d->fresh &= ~(1u << key);
        return 0;
    }
    d->dirty |= 1u << key;
    c->has_dirty = true;
    if (key >= XEN_KEY_GUESTS)
        note_guest_event(c, d, now_ms);
    return 0;
}

int
xen_watch_drain(struct xen_cache *c, uint64_t now_ms)
{
    int is_news = 0;

    for (int i = 0; i < EVENTS_PER_DRAIN; i++) {
        cleanup_free char **event = xs_check_watch(c->xs);

        if (!event && errno == EAGAIN)
            return is_news;
        if (!event) /* EINVAL: its connection is closed */
            return errno == EINVAL ? -ENOTCONN : -errno;
        is_news |=
            take_event(c, event[XS_WATCH_PATH], event[XS_WATCH_TOKEN], now_ms);
    }
    /* The descriptor need not say once more that there are others. */
    return 1;
}
