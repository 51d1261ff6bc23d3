/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishes per-domain status in xenstore. */
#include <config.h>

#include "host.h"
#include "log.h"
#include "note.h"
#include "proto/keys.h"
#include "status.h"
#include "tick.h"

static int
write_status(struct host *host, const struct guest *g, const char *key,
             const char *value)
{
    char path[KEYS_PATH_SIZE];
    int r;

    keys_status(path, g->facts.domid, key);
    r = value[0] ? host->ops->store_write(host, path, value)
                 : host->ops->store_remove(host, path);
    if (r < 0)
        log_warn(-r, "dom %u: cannot publish its %s", g->facts.domid, key);
    return r;
}

/* FNV-1a: tells one sentence from the next, that is all. 0 for "". */
static uint32_t
text_sum(const char *text)
{
    uint32_t sum = 2166136261u;

    if (text[0] == '\0')
        return 0;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum | 1u;
}

static void
publish_error(struct balancer *b, struct guest *g)
{
    uint32_t sum = text_sum(g->range_error);

    if (sum == g->published_error)
        return;
    if (sum != 0)
        note_guest(b, EVENTS_RANGE_REFUSED, g, "%s; %s", g->range_error,
                   g->has_range ? "its last good range stays"
                                : "it is left alone");
    /* Not tried again and again: the next change will. */
    write_status(b->host, g, KEY_ERROR, g->range_error);
    g->published_error = sum;
}

/* The uuid is the value: a domid is used again. */
static void
publish_balloon(struct host *host, struct guest *g)
{
    if (!g->has_balloon || g->is_balloon_published ||
        g->facts.balloon != HOST_BALLOON_UNSAID)
        return;
    log_info("dom %u: its balloon driver has proven itself", g->facts.domid);
    write_status(host, g, KEY_CAN_BALLOON, g->facts.uuid);
    g->is_balloon_published = true;
}

void
status_publish(struct balancer *b)
{
    char path[KEYS_PATH_SIZE];

    for (size_t i = 0; i < b->guests.n_gone; i++)
        b->host->ops->store_remove(b->host,
                                   keys_status_dir(path,
                                                   b->guests.gone[i].domid));
    b->guests.n_gone = 0;
    for (size_t i = 0; i < b->guests.n; i++) {
        publish_error(b, &b->guests.guests[i]);
        publish_balloon(b->host, &b->guests.guests[i]);
    }
}
