/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions that compare a number: "actual 3 <= 1250". */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "events.h"
#include "play-condition.h"
#include "sim-domain.h"
#include "util/parse.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define US_PER_S 1000000u

enum subject {
    SUBJECT_NONE,
    SUBJECT_DOMAIN,
    SUBJECT_PROMISE,
};

/* One of g and promise is there, as the subject says. */
typedef uint64_t quantity_fn(const struct play *p, const struct sim_guest *g,
                             const struct promise *promise);

#define QUANTITY(name, value)                                          \
 static uint64_t name(const struct play *p, const struct sim_guest *g, \
                      const struct promise *promise)                   \
 {                                                                     \
  (void)p;                                                             \
  (void)g;                                                             \
  (void)promise;                                                       \
  return value;                                                        \
 }

/* What the balancer knows of the domain; NULL: it has not seen it. */
static const struct guest *
known(const struct play *p, const struct sim_guest *g)
{
    for (size_t i = 0; i < p->balancer.guests.n; i++)
        if (p->balancer.guests.guests[i].facts.domid == g->facts.domid)
            return &p->balancer.guests.guests[i];
    return NULL;
}

static uint64_t
overhead_of(const struct play *p, const struct sim_guest *g)
{
    const struct guest *guest = known(p, g);

    return guest ? overhead_guest_kib(guest, &p->balancer.lessons) : 0;
}

static uint64_t
measured_of(const struct play *p, const struct sim_guest *g)
{
    const struct guest *guest = known(p, g);

    return guest && guest->overhead_kib != HOST_UNSET ? guest->overhead_kib : 0;
}

QUANTITY(quantity_free,
         p->world->free_kib > 0 ? (uint64_t)p->world->free_kib : 0)
QUANTITY(quantity_kills, sim_world_bill(p->world).sum.kills)
QUANTITY(quantity_stall, sim_world_bill(p->world).sum.lost_us / US_PER_S)
QUANTITY(quantity_worst, sim_world_bill(p->world).worst_us / US_PER_S)
QUANTITY(quantity_writes, p->world->target_writes)
QUANTITY(quantity_refusals, p->balancer.stats.refusals)
QUANTITY(quantity_grants, p->balancer.stats.grants)
QUANTITY(quantity_ticks, p->balancer.stats.ticks)
QUANTITY(quantity_events, events_last_id(p->balancer.events))
QUANTITY(quantity_reservations, p->balancer.reservations.n)
QUANTITY(quantity_reserved, p->balancer.snapshot.account.reservations_kib)
QUANTITY(quantity_actual, g->facts.actual_kib)
QUANTITY(quantity_target, g->facts.target_kib)
QUANTITY(quantity_maxmem, g->facts.maxmem_kib)
QUANTITY(quantity_dynamic_min, g->facts.dynamic_min_kib)
QUANTITY(quantity_dynamic_max, g->facts.dynamic_max_kib)
QUANTITY(quantity_written, g->target_writes)
QUANTITY(quantity_overhead, overhead_of(p, g))
QUANTITY(quantity_measured, measured_of(p, g))
QUANTITY(quantity_amount, promise->kib)

static const struct {
    const char *word;
    enum subject subject;
    quantity_fn *fn;
} quantities[] = {
    { "free", SUBJECT_NONE, quantity_free },
    { "kills", SUBJECT_NONE, quantity_kills },
    { "stall", SUBJECT_NONE, quantity_stall },
    { "worst-stall", SUBJECT_NONE, quantity_worst },
    { "writes", SUBJECT_NONE, quantity_writes },
    { "refusals", SUBJECT_NONE, quantity_refusals },
    { "grants", SUBJECT_NONE, quantity_grants },
    { "ticks", SUBJECT_NONE, quantity_ticks },
    { "events", SUBJECT_NONE, quantity_events },
    { "reservations", SUBJECT_NONE, quantity_reservations },
    { "reserved", SUBJECT_NONE, quantity_reserved },
    { "actual", SUBJECT_DOMAIN, quantity_actual },
    { "target", SUBJECT_DOMAIN, quantity_target },
    { "maxmem", SUBJECT_DOMAIN, quantity_maxmem },
    { "dynamic-min", SUBJECT_DOMAIN, quantity_dynamic_min },
    { "dynamic-max", SUBJECT_DOMAIN, quantity_dynamic_max },
    { "written", SUBJECT_DOMAIN, quantity_written },
    { "overhead", SUBJECT_DOMAIN, quantity_overhead },
    { "measured", SUBJECT_DOMAIN, quantity_measured },
    { "amount", SUBJECT_PROMISE, quantity_amount },
};

/* The number that *text speaks of, whose first word was read.  0, -ESRCH (no
 * such domain or reservation), -EINVAL. */
static int
measure(struct play *p, const char *quantity, const char **text, uint64_t *ret)
{
    const struct promise *promise = NULL;
    const struct sim_guest *g = NULL;
    char name[SCRIPT_NAME_SIZE];
    uint64_t domid;
    size_t i = 0;

    while (i < LENGTH(quantities) && strcmp(quantity, quantities[i].word) != 0)
        i++;
    if (i == LENGTH(quantities))
        return -EINVAL;
    if (quantities[i].subject != SUBJECT_NONE &&
        sim_next_word(text, name, sizeof(name)) <= 0)
        return -EINVAL;
    if (quantities[i].subject == SUBJECT_DOMAIN) {
        if (parse_u64(name, 0, UINT32_MAX, &domid) < 0)
            return -EINVAL;
        g = sim_world_find(p->world, (uint32_t)domid);
    } else if (quantities[i].subject == SUBJECT_PROMISE) {
        promise = play_promise(p, name);
    }
    if (quantities[i].subject != SUBJECT_NONE && !g && !promise)
        return -ESRCH;
    *ret = quantities[i].fn(p, g, promise);
    return 0;
}

static int
compare(uint64_t left, const char *op, uint64_t right)
{
    if (strcmp(op, "<=") == 0)
        return left <= right;
    if (strcmp(op, ">=") == 0)
        return left >= right;
    if (strcmp(op, "<") == 0)
        return left < right;
    if (strcmp(op, ">") == 0)
        return left > right;
    if (strcmp(op, "==") == 0)
        return left == right;
    return -EINVAL;
}

int
play_comparison(struct play *p, const char *quantity, const char *text)
{
    uint64_t left = 0, right;
    char op[SCRIPT_NAME_SIZE], word[SCRIPT_NAME_SIZE];
    int r = measure(p, quantity, &text, &left);

    if (r < 0 && r != -ESRCH)
        return r;
    if (sim_next_word(&text, op, sizeof(op)) <= 0 ||
        sim_next_word(&text, word, sizeof(word)) <= 0 ||
        parse_kib(word, &right) < 0 || text[strspn(text, " ")] != '\0')
        return -EINVAL;
    if (r == -ESRCH)
        return false; /* nothing compares with what is not there */
    return compare(left, op, right);
}

void
play_comparison_now(struct play *p, const char *text, char *now, size_t size)
{
    char word[SCRIPT_NAME_SIZE];
    uint64_t value;

    now[0] = '\0';
    if (sim_next_word(&text, word, sizeof(word)) > 0 &&
        measure(p, word, &text, &value) == 0)
        snprintf(now, size, "; it is %" PRIu64, value);
}
