/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes what lasts of a domain: on disk first, then in force. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "guest-settings.h"
#include "log.h"
#include "note.h"
#include "settings-dir.h"
#include "util/text.h"

static struct guest *
find_guest(const struct balancer *b, const char *uuid)
{
    for (size_t i = 0; i < b->guests.n; i++) {
        if (strcmp(b->guests.guests[i].facts.uuid, uuid) == 0)
            return &b->guests.guests[i];
    }
    return NULL;
}

static uint64_t
set_or(uint64_t wanted_kib, uint64_t kept_kib)
{
    return wanted_kib == HOST_UNSET ? kept_kib : wanted_kib;
}

static void
merge(struct settings *s, const struct settings *wanted, unsigned fields)
{
    struct range *to = &s->limits;
    const struct range *from = &wanted->limits;

    if (fields & SETTINGS_LIMITS)
        *to = (struct range){
            set_or(from->static_min_kib, to->static_min_kib),
            set_or(from->dynamic_min_kib, to->dynamic_min_kib),
            set_or(from->dynamic_max_kib, to->dynamic_max_kib),
            set_or(from->static_max_kib, to->static_max_kib),
        };
    if (fields & SETTINGS_WEIGHT)
        s->weight = wanted->weight;
    if (fields & SETTINGS_PIN)
        s->pin_kib = wanted->pin_kib;
    if (fields & SETTINGS_ENGINE)
        memcpy(s->engine, wanted->engine, sizeof(s->engine));
    if (fields & SETTINGS_SWAP) {
        s->swap = wanted->swap;
        s->swap_max_kib = wanted->swap_max_kib;
    }
}

/* The chain as the change would leave it.  What a domain that runs was built
 * with is not changed by it. */
static struct range
range_of(const struct settings *s, const struct settings *wanted,
         const struct guest *g)
{
    struct range range = s->limits;

    if (g) {
        const struct host_domain *d = &g->facts;
        const struct range *w = &wanted->limits;

        /* Limits that the change does not name are those in force. */
        range.static_min_kib = set_or(w->static_min_kib, d->static_min_kib);
        range.dynamic_min_kib = set_or(w->dynamic_min_kib, d->dynamic_min_kib);
        range.dynamic_max_kib = set_or(w->dynamic_max_kib, d->dynamic_max_kib);
        range.static_max_kib = d->static_max_kib;
    }
    if (range.static_min_kib == HOST_UNSET)
        range.static_min_kib = 0;
    return range;
}

/* Limits that nobody set are no links of the chain. */
static bool
is_good(const struct range *range, char error[BOOK_ERROR_SIZE])
{
    struct range chain = *range;

    if (chain.dynamic_max_kib == HOST_UNSET)
        chain.dynamic_max_kib = chain.static_max_kib;
    if (chain.dynamic_min_kib == HOST_UNSET)
        chain.dynamic_min_kib = chain.static_min_kib;
    return range_check(&chain, error, BOOK_ERROR_SIZE);
}

/* Domain 0's settings are those of balancerd.conf. */
static bool
lasts(const struct balancer *b, const struct guest *g)
{
    return b->settings_dir && !(g && g->facts.domid == 0);
}

static int
keep(struct balancer *b, const struct settings *s, char error[BOOK_ERROR_SIZE])
{
    int r = settings_are_empty(s)
                ? settings_dir_remove(b->settings_dir, s->uuid)
                : settings_dir_save(b->settings_dir, s);

    if (r == 0)
        return 0;
    log_warn(-r, "the settings of %s cannot be kept in %s", s->uuid,
             b->settings_dir);
    snprintf(error, BOOK_ERROR_SIZE,
             "the settings cannot be kept in %s: %s; nothing has changed",
             b->settings_dir, strerror(-r));
    return -EIO;
}

/* One change on its way. */
struct change {
    const struct settings *old;
    const struct settings *new;
    const struct range *range; /* NULL: limits are not touched */
};

static int
put(struct balancer *b, const struct settings *s, char error[BOOK_ERROR_SIZE])
{
    int r = settings_put(&b->settings, s);

    if (r == -ENOSPC)
        snprintf(error, BOOK_ERROR_SIZE,
                 "there are settings of %d domains already, the most there "
                 "may be",
                 SETTINGS_MAX);
    else if (r < 0)
        snprintf(error, BOOK_ERROR_SIZE, "out of memory");
    return r == -ENOSPC ? -EDQUOT : r;
}

/* The table holds nothing that says nothing. */
static void
tidy(struct balancer *b, const char *uuid)
{
    const struct settings *s = settings_find(&b->settings, uuid);

    if (s && settings_are_empty(s))
        settings_remove(&b->settings, uuid);
}

static void
take_back(struct balancer *b, const struct change *c)
{
    char error[BOOK_ERROR_SIZE];

    /* The place is there: this cannot fail. */
    settings_put(&b->settings, c->old);
    tidy(b, c->old->uuid);
    if (b->settings_dir)
        keep(b, c->old, error);
}

void
book_note(const struct balancer *b, const char *uuid, struct book_undo *ret)
{
    const struct settings *kept = settings_find(&b->settings, uuid);
    const struct guest *g = find_guest(b, uuid);

    if (kept)
        ret->settings = *kept;
    else
        settings_init(&ret->settings, uuid);
    ret->limits =
        (struct range){ HOST_UNSET, HOST_UNSET, HOST_UNSET, HOST_UNSET };
    if (g)
        ret->limits = (struct range){
            g->facts.static_min_kib,
            g->facts.dynamic_min_kib,
            g->facts.dynamic_max_kib,
            g->facts.static_max_kib,
        };
}

void
book_undo(struct balancer *b, const struct book_undo *undo)
{
    struct change change = { .old = &undo->settings };
    struct guest *g = find_guest(b, undo->settings.uuid);
    int r;

    take_back(b, &change);
    log_info("settings of %s (%s) are what they were", undo->settings.uuid,
             undo->settings.name);
    if (!g)
        return;
    guest_take_settings(g, &undo->settings);
    r = book_restore_range(b, g->facts.domid, &undo->limits);
    if (r < 0 && r != -ESRCH)
        log_warn(-r, "dom %u: its limits in xenstore stay changed",
                 g->facts.domid);
}

/* Table, disk, xenstore: all or nothing. */
static int
carry_out(struct balancer *b, struct guest *g, const struct change *c,
          char error[BOOK_ERROR_SIZE])
{
    int r = put(b, c->new, error);

    if (r < 0)
        return r;
    if (lasts(b, g))
        r = keep(b, c->new, error);
    if (r == 0 && g && c->range)
        r = book_write_range(b, g, c->range, error);
    if (r < 0) {
        take_back(b, c);
        return r;
    }
    if (g)
        guest_take_settings(g, c->new);
    tidy(b, c->new->uuid);
    b->is_asked = true;
    return 0;
}

static int
begin(struct balancer *b, const char *uuid, struct settings *ret_old,
      char error[BOOK_ERROR_SIZE])
{
    const struct settings *kept;

    if (balancer_refresh(b) < 0) {
        snprintf(error, BOOK_ERROR_SIZE, "the host cannot be observed");
        return -EIO;
    }
    kept = settings_find(&b->settings, uuid);
    if (kept && kept->is_foreign) {
        snprintf(error, BOOK_ERROR_SIZE,
                 "the settings of %s were written by a newer balancerd; this "
                 "one leaves them alone",
                 uuid);
        return -EPERM;
    }
    if (kept)
        *ret_old = *kept;
    else
        settings_init(ret_old, uuid);
    return 0;
}

/* What is there, and what would be. */
struct draft {
    struct settings old;
    struct settings new;
    struct range range;
    struct guest *g; /* NULL: the domain does not run */
};

static int
prepare(struct balancer *b, const struct settings *wanted, unsigned fields,
        struct draft *ret, char error[BOOK_ERROR_SIZE])
{
    int r = begin(b, wanted->uuid, &ret->old, error);

    if (r < 0)
        return r;
    ret->g = find_guest(b, wanted->uuid);
    ret->new = ret->old;
    merge(&ret->new, wanted, fields);
    if (ret->g)
        text_escape(ret->new.name, sizeof(ret->new.name), ret->g->facts.name);
    ret->range = range_of(&ret->new, wanted, ret->g);
    if ((fields & SETTINGS_LIMITS) && !is_good(&ret->range, error))
        return -ERANGE;
    return 0;
}

int
book_check_settings(struct balancer *b, const struct settings *wanted,
                    unsigned fields, struct range *ret_range,
                    char error[BOOK_ERROR_SIZE])
{
    struct draft draft;
    int r = prepare(b, wanted, fields, &draft, error);

    if (r == -ERANGE && ret_range)
        *ret_range = draft.range;
    return r;
}

int
book_change_settings(struct balancer *b, const struct settings *wanted,
                     unsigned fields, struct range *ret_range,
                     char error[BOOK_ERROR_SIZE])
{
    struct draft draft;
    struct change change = { .old = &draft.old, .new = &draft.new };
    int r = prepare(b, wanted, fields, &draft, error);

    if (r == -ERANGE && ret_range)
        *ret_range = draft.range;
    if (r < 0)
        return r;
    if (fields & SETTINGS_LIMITS)
        change.range = &draft.range;
    r = carry_out(b, draft.g, &change, error);
    if (r == 0)
        note_settings(b, &draft.new, draft.g, "have changed");
    return r;
}

int
book_forget_settings(struct balancer *b, const char *uuid,
                     char error[BOOK_ERROR_SIZE])
{
    struct settings old, none;
    struct change change = { .old = &old, .new = &none };
    struct guest *g;
    int r = begin(b, uuid, &old, error);

    if (r < 0)
        return r;
    if (!settings_find(&b->settings, uuid)) {
        snprintf(error, BOOK_ERROR_SIZE, "there are no settings of %s", uuid);
        return -ENOENT;
    }
    settings_init(&none, uuid);
    g = find_guest(b, uuid);
    r = carry_out(b, g, &change, error);
    if (r == 0)
        note_settings(b, &old, g, "are forgotten");
    return r;
}

int
book_load_settings(struct balancer *b, const char *dir)
{
    int r;

    b->settings_dir = dir;
    if (!dir)
        return 0;
    r = settings_dir_load(dir, &b->settings);
    if (r == 0 && b->settings.n > 0)
        log_info("settings of %zu domains are kept in %s", b->settings.n, dir);
    return r;
}
