/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what is known of a guest to what is done for it. */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "account.h"
#include "guest-limits.h"
#include "log.h"
#include "note.h"
#include "settings.h"
#include "swap-book.h"
#include "swap-ladder.h"
#include "swap-lease.h"
#include "tick.h"
#include "util/units.h"

/* The memory that the balancer may, and so will, give it. */
static uint64_t
giveable_kib(const struct balancer *b, const struct guest *g)
{
    int64_t spare_kib = account_spare_kib(&b->snapshot.account);
    uint64_t more_kib;

    if (!g->has_range || !guest_is_movable(g, &b->tuning) || spare_kib <= 0)
        return 0;
    more_kib = min_u64(sat_sub(guest_upper_kib(g), g->facts.target_kib),
                       (uint64_t)spare_kib);
    return more_kib > b->tuning.dead_band_kib ? more_kib : 0;
}

static uint64_t
told_by_agent(const struct balancer *b, const struct guest *g, uint64_t kib)
{
    return guest_load_is_fresh(&g->load, b->snapshot.xbp.now_ms)
               ? kib
               : THRASH_UNKNOWN;
}

/* What it has swapped out, to whatever disk. */
static uint64_t
out_kib(const struct balancer *b, const struct guest *g)
{
    const struct sample *s = &g->load.last;

    if (s->swap_total_kib == SAMPLE_UNKNOWN ||
        s->swap_free_kib == SAMPLE_UNKNOWN)
        return THRASH_UNKNOWN;
    return told_by_agent(b, g, sat_sub(s->swap_total_kib, s->swap_free_kib));
}

static uint64_t
size_kib(const struct balancer *b, const struct guest *g)
{
    return ladder_size_kib(g->facts.actual_kib, swap_book_max_kib(b, g));
}

static struct ladder_facts
look(const struct balancer *b, const struct guest *g)
{
    const struct settings *s = settings_find(&b->settings, g->facts.uuid);
    const struct swap_volume *v = swap_of(&b->swap, g->facts.uuid);
    bool has_swap = v && !swap_is_over(v);

    return (struct ladder_facts){
        .thrash = g->thrash.state,
        .gets_better = g->thrash.calm_ms > 0,
        .is_automatic = s && s->swap == SETTINGS_SWAP_AUTO,
        .memory_kib = g->facts.target_kib,
        .giveable_kib = giveable_kib(b, g),
        .out_kib = out_kib(b, g),
        .size_kib = size_kib(b, g),
        .has_swap = has_swap,
        .has_ours = has_swap && v->is_automatic && v->state == VOLUME_ATTACHED,
        .swapped_kib = has_swap ? v->facts.used_kib : 0,
        .spare_kib = told_by_agent(b, g, g->load.last.available_kib),
        .patience_ms = b->tuning.swap_calm_ms,
    };
}

/* Once, not whenever it is tried. */
static void
tell_failure(struct balancer *b, struct guest *g, const char *error)
{
    if (!g->ladder.is_told)
        note_guest(b, EVENTS_SWAP_FAILED, g,
                   "it thrashes and cannot be given remote swap: %s", error);
    g->ladder.is_told = true;
}

static void
attach(struct balancer *b, struct guest *g)
{
    char error[SWAP_BOOK_ERROR_SIZE], lender[SWAP_LENDER_SIZE];
    struct swap_volume probe = { .n_legs = 0 }, *v;
    struct swap_ask ask = {
        .is_automatic = true,
        .move_kib_per_s = HOST_UNSET,
        .size_kib = size_kib(b, g),
    };

    probe.size_kib = ask.size_kib;
    if (swap_lease_choose(b, &probe, lender, error) < 0 ||
        swap_book_attach(b, g, &ask, &v, error) < 0)
        tell_failure(b, g, error);
    else
        log_info("dom %u: it thrashes and the host has no memory for it: "
                 "remote swap of %" PRIu64 " KiB is asked for",
                 g->facts.domid, ask.size_kib);
}

static void
withdraw(struct balancer *b, const struct guest *g)
{
    struct swap_volume *v = swap_of(&b->swap, g->facts.uuid);
    char error[SWAP_BOOK_ERROR_SIZE];

    log_info("dom %u: it has been calm for long: its remote swap is taken back",
             g->facts.domid);
    if (swap_book_detach(b, v, false, error) < 0)
        log_warnx("dom %u: %s", g->facts.domid, error);
}

static void
step_guest(struct balancer *b, struct guest *g)
{
    struct ladder_facts facts = look(b, g);

    switch (ladder_step(&g->ladder, &facts, b->snapshot.xbp.now_ms)) {
    case LADDER_NOTHING:
        break;
    case LADDER_ATTACH:
        attach(b, g);
        break;
    case LADDER_ADVISE:
        note_guest(b, EVENTS_MIGRATION_ADVISED, g,
                   "it suffers for long, and this host has no memory for it: "
                   "another host may have");
        break;
    case LADDER_WITHDRAW:
        withdraw(b, g);
        break;
    }
}

void
swap_ladder_step(struct balancer *b)
{
    if (!b->swap.run)
        return;
    for (size_t i = 0; i < b->guests.n; i++)
        if (b->guests.guests[i].facts.domid != 0)
            step_guest(b, &b->guests.guests[i]);
}
