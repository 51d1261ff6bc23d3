/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes lessons and keeps them in xenstore. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "log.h"
#include "overhead-learn.h"
#include "proto/keys.h"
#include "tick.h"
#include "util/units.h"

static int
load_one(void *arg, const char *name, const char *value)
{
    struct balancer *b = arg;

    for (int i = 0; i < HOST_DOMAIN_TYPES; i++) {
        enum host_domain_type type = (enum host_domain_type)i;

        if (strcmp(name, host_domain_type_name(type)) != 0)
            continue;
        if (overhead_lesson_parse(value, &b->lessons.of_type[type]) < 0)
            log_warnx("what was learned of the overhead of %s domains is "
                      "unreadable and forgotten",
                      name);
    }
    return 0;
}

int
overhead_load(struct balancer *b)
{
    return b->host->ops->store_list(b->host, KEYS_OVERHEADS, load_one, b);
}

static void
keep(struct balancer *b, enum host_domain_type type)
{
    char path[KEYS_PATH_SIZE], text[OVERHEAD_LESSON_TEXT_SIZE];
    int r;

    overhead_lesson_format(&b->lessons.of_type[type], text);
    keys_overhead(path, host_domain_type_name(type));
    r = b->host->ops->store_write(b->host, path, text);
    if (r < 0)
        log_warn(-r,
                 "what was learned of the overhead of %s domains is not "
                 "kept in xenstore",
                 host_domain_type_name(type));
}

static void
take_lesson(struct balancer *b, const struct guest *g)
{
    struct overhead_lesson *lesson = &b->lessons.of_type[g->facts.type];
    struct overhead_config config = overhead_guest_config(g, NULL);
    uint64_t predicted_kib =
        overhead_predicted_kib(&config, config.static_max_kib);

    overhead_lesson_add(lesson, predicted_kib, g->overhead_kib);
    log_info("dom %u: costs %" PRIu64 " KiB beyond its memory, %" PRIu64
             " KiB were predicted; %s domains are charged %" PRIu64
             " KiB more than predicted",
             g->facts.domid, g->overhead_kib, predicted_kib,
             host_domain_type_name(g->facts.type), overhead_lesson_kib(lesson));
    keep(b, g->facts.type);
}

/* It is allotted when the domain is built, and stays so.  Domain 0's is part of
 * the host's. */
static void
ask_for_paging(struct host *host, struct guest *g)
{
    if (g->facts.domid == 0 || g->facts.type == HOST_DOMAIN_PV ||
        g->paging_kib != HOST_UNSET || !g->has_settled)
        return;
    if (host->ops->get_paging(host, g->facts.domid, &g->paging_kib) < 0)
        g->paging_kib = 0; /* Xen does not say: the models do */
}

void
overhead_learn(struct balancer *b)
{
    struct guest *g;

    for (size_t i = 0; i < b->guests.n; i++)
        ask_for_paging(b->host, &b->guests.guests[i]);
    g = overhead_watch_look(&b->overhead_watch, &b->guests, &b->snapshot);
    if (g)
        take_lesson(b, g);
}

void
overhead_note_paging(struct balancer *b, struct guest *g, uint64_t old_kib,
                     uint64_t new_kib)
{
    g->paging_kib = new_kib;
    if (g->overhead_kib != HOST_UNSET)
        g->overhead_kib =
            sat_add_delta(g->overhead_kib, delta_u64(new_kib, old_kib));
    b->overhead_watch.has_base = false;
    b->overhead_watch.has_newcomer = false;
}

uint64_t
overhead_host_kib(const struct balancer *b)
{
    uint64_t xen_kib = b->snapshot.account.xen_kib;

    for (size_t i = 0; i < b->guests.n; i++)
        xen_kib =
            sat_sub(xen_kib, overhead_guest_known_kib(&b->guests.guests[i]));
    return sat_add(xen_kib, b->snapshot.account.host_reserve_kib);
}
