/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was known, line by line. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record-tables.h"
#include "replay-private.h"
#include "util/parse.h"

/* A domain's number, as Xen gives them out. */
#define DOMID_MAX 65535

int
replay_domid(char **rest, uint32_t *ret)
{
    const char *word = record_word(rest);
    uint64_t domid;

    if (!word || parse_u64(word, 0, DOMID_MAX, &domid) < 0)
        return -EINVAL;
    *ret = (uint32_t)domid;
    return 0;
}

int
replay_number(char **rest, uint64_t most, uint64_t *ret)
{
    const char *word = record_word(rest);

    return word ? parse_u64(word, 0, most, ret) : -EINVAL;
}

int
replay_set_tuning(struct replay *p)
{
    int r = 0;

    for (size_t i = 0; i < p->how->n_sets && r == 0; i++)
        if (!replay_set_is_engine(p->how->sets[i]))
            r = record_read(&record_tuning, p->how->sets[i], &p->b.tuning);
    return r;
}

int
replay_take_tuning(struct replay *p, char *rest)
{
    int r = record_read(&record_tuning, rest, &p->b.tuning);

    return r < 0 ? r : replay_set_tuning(p);
}

int
replay_take_memory(struct replay *p, char *rest)
{
    return record_read(&record_memory, rest, &p->host.view.memory);
}

int
replay_take_reservations(struct replay *p, char *rest)
{
    (void)rest;
    p->b.reservations.n = 0;
    return 0;
}

int
replay_take_reservation(struct replay *p, char *rest)
{
    struct reservation r = { 0 };
    const char *id = record_word(&rest);

    if (!id || record_unescape(id, r.id, sizeof(r.id)) < 0 ||
        record_read(&record_reservation, rest, &r) < 0)
        return -EINVAL;
    return reserve_add(&p->b.reservations, &r);
}

int
replay_take_domain(struct replay *p, char *rest)
{
    struct host_domain *d;
    uint32_t domid;

    if (replay_domid(&rest, &domid) < 0)
        return -EINVAL;
    d = replay_host_domain(&p->host, domid);
    return d ? record_read(&record_domain, rest, d) : -ENOMEM;
}

int
replay_take_gone(struct replay *p, char *rest)
{
    uint32_t domid;

    if (replay_domid(&rest, &domid) < 0)
        return -EINVAL;
    replay_host_forget(&p->host, domid);
    return 0;
}

/* "was" has just made it the last one of the view. */
int
replay_take_guest(struct replay *p, char *rest)
{
    size_t n = p->host.view.n_domains;
    struct guest *grown;
    uint32_t domid;

    if (replay_domid(&rest, &domid) < 0 || p->is_known || n != p->n_was + 1 ||
        p->host.view.domains[n - 1].domid != domid)
        return -EINVAL;
    grown = reallocarray(p->was, n, sizeof(*grown));
    if (!grown)
        return -ENOMEM;
    p->was = grown;
    p->was[n - 1] = (struct guest){ .facts = p->host.view.domains[n - 1] };
    record_set_guest(&record_unset, &p->was[n - 1]);
    p->n_was = n;
    return record_read(&record_guest, rest, &p->was[n - 1]);
}

static struct guest *
find_guest(struct replay *p, uint32_t domid)
{
    if (p->is_known)
        return guest_find(&p->b.guests, domid);
    for (size_t i = 0; i < p->n_was; i++)
        if (p->was[i].facts.domid == domid)
            return &p->was[i];
    return NULL;
}

int
replay_take_set(struct replay *p, char *rest)
{
    struct record_set set;
    struct guest *g;
    uint32_t domid;
    int r;

    if (replay_domid(&rest, &domid) < 0)
        return -EINVAL;
    g = find_guest(p, domid);
    if (!g)
        return -EINVAL;
    set = record_set_of(g);
    r = record_read(&record_settings, rest, &set);
    record_set_guest(&set, g);
    return r;
}

/* The table is made as any other, and then told what it knew. */
int
replay_take_known(struct replay *p, char *rest)
{
    uint64_t has_looked;
    int r;

    if (p->is_known || p->host.view.n_domains != p->n_was ||
        replay_number(&rest, 1, &has_looked) < 0)
        return -EINVAL;
    r = guest_table_observe(&p->b.guests, &p->host.view, &p->b.tuning, 0);
    if (r < 0)
        return r;
    for (size_t i = 0; i < p->n_was; i++)
        p->b.guests.guests[i] = p->was[i];
    p->b.guests.has_looked = has_looked;
    p->is_known = true;
    return 0;
}
