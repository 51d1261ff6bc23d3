/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An offer is taken as soon as its device is there, and given up only if there
 * is memory for what is on it: the kernel would rather kill programs. */
#include <config.h>

#include <string.h>

#include "swap-decide.h"
#include "util/units.h"

/* What has to be left when all that is on the device has found another place:
 * this share of all memory, and no less than this. */
#define MARGIN_SHARE   32
#define MARGIN_MIN_KIB (8 * KIB_PER_MIB)
/* How much of what is used has to change to be told. */
#define NEWS_KIB (4 * KIB_PER_MIB)

static const struct sample_swap *
find_area(const struct sample *s, const char *vdev)
{
    for (size_t i = 0; i < SAMPLE_SWAPS; i++)
        if (s->swaps[i].name[0] && strcmp(s->swaps[i].name, vdev) == 0)
            return &s->swaps[i];
    return NULL;
}

/* Memory and other swap areas, of which nothing is known where the kernel does
 * not tell. */
static uint64_t
room_elsewhere_kib(const struct sample *s, const struct sample_swap *area)
{
    uint64_t memory_kib =
        s->available_kib == SAMPLE_UNKNOWN ? 0 : s->available_kib;
    uint64_t swap_kib = s->swap_free_kib == SAMPLE_UNKNOWN
                            ? 0
                            : sat_sub(s->swap_free_kib,
                                      sat_sub(area->size_kib, area->used_kib));
    uint64_t total_kib = s->total_kib == SAMPLE_UNKNOWN ? 0 : s->total_kib;

    return sat_sub(sat_add(memory_kib, swap_kib),
                   max_u64(total_kib / MARGIN_SHARE, MARGIN_MIN_KIB));
}

/* What was refused once is not tried again before it is asked again. */
static bool
is_refused(const struct swap_task *t)
{
    return t->answer.state == OFFER_REFUSED &&
           t->answer.serial == t->offer.serial;
}

static enum swap_deed
decide_to_leave(const struct sample *s, const struct sample_swap *area,
                struct offer_answer *ret)
{
    uint64_t have_kib = room_elsewhere_kib(s, area);

    if (have_kib >= area->used_kib) {
        ret->state = OFFER_LEAVING;
        return SWAP_LEAVE;
    }
    ret->state = OFFER_REFUSED;
    ret->why = OFFER_WHY_NO_MEMORY;
    ret->need_kib = area->used_kib;
    ret->have_kib = have_kib;
    return SWAP_NOTHING;
}

enum swap_deed
swap_decide(const struct swap_task *t, const struct sample *s,
            struct offer_answer *ret)
{
    const struct sample_swap *area = find_area(s, t->offer.vdev);

    *ret = (struct offer_answer){ .serial = t->offer.serial,
                                  .used_kib = area ? area->used_kib : 0 };
    if (t->is_leaving) {
        ret->state = OFFER_LEAVING;
        return t->offer.is_on ? SWAP_STAY : SWAP_NOTHING;
    }
    if (t->offer.is_on ? area != NULL : area == NULL) {
        ret->state = area ? OFFER_ON : OFFER_OFF;
        return SWAP_NOTHING;
    }
    if (is_refused(t)) {
        *ret = t->answer;
        return SWAP_NOTHING;
    }
    if (!t->offer.is_on)
        return decide_to_leave(s, area, ret);
    ret->state = OFFER_WAITING;
    return SWAP_TAKE;
}

bool
swap_should_move(const struct swap_task *t, const struct sample *s,
                 uint64_t others_kib)
{
    const struct sample_swap *area = find_area(s, t->offer.vdev);

    return area && t->answer.state == OFFER_ON && t->offer.is_on &&
           t->offer.move_kib_per_s > 0 && others_kib > 0 &&
           sat_sub(area->size_kib, area->used_kib) >=
               sat_add(others_kib, MARGIN_MIN_KIB);
}

bool
swap_is_news(const struct offer_answer *told, const struct offer_answer *answer)
{
    return told->state != answer->state || told->serial != answer->serial ||
           told->why != answer->why ||
           distance_u64(told->used_kib, answer->used_kib) >= NEWS_KIB;
}
