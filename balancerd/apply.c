/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does what a plan's steps say. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>

#include "apply.h"
#include "log.h"
#include "note.h"
#include "tick.h"

static int
apply_target(struct balancer *b, struct guest *g, const struct step *step)
{
    int r = b->host->ops->set_target(b->host, step->domid, step->new_kib);

    if (r < 0)
        return r;
    note_target(b, g, step);
    guest_note_target(g, step->new_kib, &b->tuning, b->snapshot.xbp.now_ms);
    return 0;
}

static int
apply_maxmem(struct host *host, struct guest *g, const struct step *step)
{
    int r = host->ops->set_maxmem(host, step->domid, step->new_kib);

    if (r < 0)
        return r;
    log_debug("dom %u: maxmem %" PRIu64 " -> %" PRIu64 " KiB", step->domid,
              step->old_kib, step->new_kib);
    g->facts.maxmem_kib = step->new_kib;
    return 0;
}

static int
apply_wake(struct balancer *b, struct guest *g, const struct step *step)
{
    int r = b->host->ops->set_target(b->host, step->domid, step->new_kib);

    if (r < 0)
        return r;
    log_debug("dom %u: target %" PRIu64 " KiB, to wake its balloon driver",
              step->domid, step->new_kib);
    guest_wake_note(g, step->new_kib, b->snapshot.xbp.now_ms);
    return 0;
}

static int
apply_step(struct balancer *b, struct guest *g, const struct step *step)
{
    switch (step->kind) {
    case STEP_TARGET:
        return apply_target(b, g, step);
    case STEP_MAXMEM:
        return apply_maxmem(b->host, g, step);
    case STEP_WAKE:
        return apply_wake(b, g, step);
    }
    return 0;
}

static void
log_failure(const struct step *step, int r)
{
    const char *what = step->kind == STEP_MAXMEM ? "maxmem" : "target";

    if (r == -ESRCH) /* A4: it will be gone from the next observation */
        log_debug("dom %u: gone before its %s was set", step->domid, what);
    else
        log_warn(-r, "dom %u: cannot set %s %" PRIu64 " KiB; it keeps %" PRIu64,
                 step->domid, what, step->new_kib, step->old_kib);
}

int
apply_steps(struct balancer *b)
{
    uint32_t failed_domid = UINT32_MAX;
    int failures = 0;

    for (size_t i = 0; i < b->steps.n; i++) {
        struct step *step = &b->steps.list[i];
        struct guest *g = guest_find(&b->guests, step->domid);
        int r;

        /* A target whose maxmem could not be raised must stay (G4). */
        if (!g || step->domid == failed_domid)
            continue;
        r = apply_step(b, g, step);
        step->result = r;
        if (r == 0)
            continue;
        failed_domid = step->domid;
        failures++;
        log_failure(step, r);
    }
    return failures;
}
