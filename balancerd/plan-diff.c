/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From wishes to ordered steps: frees first, then what free memory allows. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "guest-limits.h"
#include "plan.h"
#include "util/units.h"

/* libxl's LIBXL_MAXMEM_CONSTANT: what maxmem leaves above a target. */
#define MAXMEM_SLACK_KIB 1024
/* maxmem follows a shrinking domain down in strides, not page by page. */
#define MAXMEM_STRIDE_KIB   1024
#define MAXMEM_STRIDE_SHARE 64
/* Large enough to be told from noise, small enough to harm nobody. */
#define PROBE_MAX_KIB (4 * KIB_PER_MIB)
#define PROBE_SHARE   16
/* A domain takes three steps at most: target, maxmem, and one probe. */
#define STEPS_PER_DOMAIN 3

static int
steps_begin(struct steps *ret, size_t n)
{
    ret->n = 0;
    ret->held_kib = 0;
    if (n * STEPS_PER_DOMAIN > ret->capacity) {
        struct step *grown =
            realloc(ret->list, n * STEPS_PER_DOMAIN * sizeof(*grown));

        if (!grown)
            return -ENOMEM;
        ret->list = grown;
        ret->capacity = n * STEPS_PER_DOMAIN;
    }
    return 0;
}

static void
step_target(struct steps *steps, const struct guest *g, uint64_t target_kib,
            enum plan_rule rule)
{
    steps->list[steps->n++] = (struct step){
        .kind = STEP_TARGET,
        .domid = g->facts.domid,
        .old_kib = g->facts.target_kib,
        .new_kib = target_kib,
        .rule = rule,
    };
}

static void
step_maxmem(struct steps *steps, const struct guest *g, uint64_t maxmem_kib,
            enum plan_rule rule)
{
    steps->list[steps->n++] = (struct step){
        .kind = STEP_MAXMEM,
        .domid = g->facts.domid,
        .old_kib = g->facts.maxmem_kib,
        .new_kib = maxmem_kib,
        .rule = rule,
    };
}

/* Never below the target (G4), not even of a domain that holds less. */
static uint64_t
maxmem_at_kib(const struct guest *g, uint64_t target_kib)
{
    return sat_add(max_u64(guest_held_at_kib(g, target_kib), target_kib),
                   MAXMEM_SLACK_KIB);
}

/* Never below what the domain holds: it could not even exchange a page. */
static void
lower_maxmem(struct steps *steps, const struct guest *g, uint64_t target_kib,
             enum plan_rule rule)
{
    uint64_t wanted_kib =
        max_u64(maxmem_at_kib(g, target_kib), g->facts.actual_kib);
    uint64_t stride_kib = 0;

    if (g->facts.actual_kib > maxmem_at_kib(g, target_kib))
        stride_kib =
            min_u64(MAXMEM_STRIDE_KIB, wanted_kib / MAXMEM_STRIDE_SHARE);
    if (g->facts.maxmem_kib > sat_add(wanted_kib, stride_kib))
        step_maxmem(steps, g, wanted_kib, rule);
}

/* G4: maxmem before the target upwards. */
static void
raise_target(struct steps *steps, const struct guest *g, uint64_t target_kib,
             enum plan_rule rule)
{
    if (g->facts.maxmem_kib < maxmem_at_kib(g, target_kib))
        step_maxmem(steps, g, maxmem_at_kib(g, target_kib), rule);
    step_target(steps, g, target_kib, rule);
}

static void
diff_frees(struct steps *steps, const struct plan *p, const struct snapshot *s)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct guest *g = s->guests[i];
        const struct wish *w = &p->wishes[i];

        if (!g || w->target_kib > g->facts.target_kib)
            continue;
        if (w->target_kib < g->facts.target_kib)
            step_target(steps, g, w->target_kib, w->rule);
        lower_maxmem(steps, g, w->target_kib, w->rule);
    }
}

/* G6: a target that cannot be reached makes the balloon driver try for ever,
 * and would make the domain jump when it can. */
static void
diff_retract(struct steps *steps, const struct guest *g)
{
    uint64_t stay_kib = page_floor_kib(guest_actual_kib(g));

    /* Where it got stuck, not where it went from there: it would lead us up
     * to any size, a slack of maxmem at a time. */
    if (stay_kib > g->facts.target_kib)
        stay_kib = clamp_u64(page_floor_kib(g->learned_floor_kib),
                             g->facts.target_kib, stay_kib);
    stay_kib =
        clamp_u64(stay_kib, g->range.dynamic_min_kib, g->range.dynamic_max_kib);
    if (g->state != GUEST_STUCK || !g->has_range ||
        distance_u64(stay_kib, g->facts.target_kib) <= g->facts.inaccuracy_kib)
        return;
    if (stay_kib > g->facts.target_kib &&
        guest_held_at_kib(g, stay_kib) > g->facts.actual_kib + PAGE_KIB)
        return; /* it would have to grow for that */
    raise_target(steps, g, stay_kib, PLAN_G6_RETRACT);
}

/* A few MiB towards where the range has room; 0: no room, or under way. */
static uint64_t
probe_target_kib(const struct guest *g, uint64_t spendable_kib)
{
    uint64_t target_kib = g->facts.target_kib;
    uint64_t probe_kib =
        min_u64(PROBE_MAX_KIB, g->facts.actual_kib / PROBE_SHARE);
    uint64_t room_down_kib = sat_sub(target_kib, g->range.dynamic_min_kib);
    uint64_t room_up_kib = sat_sub(g->range.dynamic_max_kib, target_kib);

    if (distance_u64(g->facts.actual_kib, guest_held_at_kib(g, target_kib)) >=
        probe_kib / 2)
        return 0;
    if (room_down_kib >= probe_kib)
        return page_floor_kib(target_kib - probe_kib);
    if (room_up_kib >= probe_kib && spendable_kib >= probe_kib)
        return page_floor_kib(target_kib + probe_kib);
    return 0;
}

/* G5: nothing is asked of a domain that has shown no balloon driver but a
 * movement small enough to be harmless; who follows it has one. Returns the
 * memory that the probe may take. */
static uint64_t
diff_probe(struct steps *steps, const struct guest *g, uint64_t spendable_kib)
{
    uint64_t probe_kib;

    if (g->state != GUEST_BOOTING || !g->has_settled || !g->has_range ||
        g->facts.target_kib == HOST_UNSET ||
        g->facts.balloon != HOST_BALLOON_UNSAID)
        return 0;
    probe_kib = probe_target_kib(g, spendable_kib);
    if (probe_kib == 0)
        return 0;
    if (probe_kib > g->facts.target_kib) {
        raise_target(steps, g, probe_kib, PLAN_G5_PROBE);
        return probe_kib - g->facts.target_kib;
    }
    step_target(steps, g, probe_kib, PLAN_G5_PROBE);
    return 0;
}

static bool
has_step(const struct steps *steps, uint32_t domid)
{
    for (size_t i = 0; i < steps->n; i++) {
        if (steps->list[i].domid == domid && steps->list[i].kind == STEP_TARGET)
            return true;
    }
    return false;
}

/* A new target wakes it as well. */
static void
diff_wake(struct steps *steps, const struct guest *g, const struct snapshot *s)
{
    uint64_t new_kib = guest_wake_due_kib(g, s->xbp.now_ms);

    if (g->facts.domid == 0 && !s->tuning->manages_dom0)
        return; /* G10 */
    if (new_kib == 0 || has_step(steps, g->facts.domid))
        return;
    steps->list[steps->n++] = (struct step){
        .kind = STEP_WAKE,
        .domid = g->facts.domid,
        .old_kib = g->facts.target_kib,
        .new_kib = new_kib,
    };
}

/* Memory that a wish takes beyond what the domain holds or was promised. */
static uint64_t
growth_kib(const struct guest *g, const struct wish *w)
{
    return sat_sub(guest_held_at_kib(g, w->target_kib), guest_committed_kib(g));
}

/* G3: growth comes out of memory that is free now and promised to nobody;
 * what does not fit waits, all in proportion. */
static void
diff_growth(struct steps *steps, const struct plan *p, const struct snapshot *s,
            uint64_t spendable_kib)
{
    uint64_t wanted_kib = 0;

    for (size_t i = 0; i < p->n; i++) {
        if (s->guests[i])
            wanted_kib =
                sat_add(wanted_kib, growth_kib(s->guests[i], &p->wishes[i]));
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct guest *g = s->guests[i];
        const struct wish *w = &p->wishes[i];
        uint64_t need_kib, new_kib, held_kib = 0;

        if (!g || w->target_kib <= g->facts.target_kib)
            continue;
        need_kib = growth_kib(g, w);
        if (wanted_kib > spendable_kib)
            held_kib = need_kib - mul_div(need_kib, spendable_kib, wanted_kib);
        held_kib = min_u64(held_kib, w->target_kib - g->facts.target_kib);
        steps->held_kib = sat_add(steps->held_kib, held_kib);
        new_kib = w->target_kib - held_kib;
        if (held_kib > 0)
            new_kib = page_floor_kib(new_kib);
        if (new_kib <= g->facts.target_kib ||
            (held_kib > 0 &&
             new_kib < g->facts.target_kib + s->tuning->dead_band_kib))
            continue;
        raise_target(steps, g, new_kib, held_kib > 0 ? PLAN_G3_WAIT : w->rule);
    }
}

int
plan_diff(struct steps *ret, const struct plan *p, const struct snapshot *s,
          const struct guest_table *table)
{
    int64_t spare_kib = account_spare_kib(&s->account);
    uint64_t spendable_kib = spare_kib > 0 ? (uint64_t)spare_kib : 0;
    int r = steps_begin(ret, table->n);

    if (r < 0)
        return r;
    diff_frees(ret, p, s);
    for (size_t i = 0; i < table->n; i++) {
        const struct guest *g = &table->guests[i];

        if (g->facts.domid == 0 && !s->tuning->manages_dom0)
            continue; /* G10 */
        diff_retract(ret, g);
        spendable_kib =
            sat_sub(spendable_kib, diff_probe(ret, g, spendable_kib));
    }
    diff_growth(ret, p, s, spendable_kib);
    for (size_t i = 0; i < table->n; i++)
        diff_wake(ret, &table->guests[i], s);
    return 0;
}
