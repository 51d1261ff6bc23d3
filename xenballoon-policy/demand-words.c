/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says why a guest has the target that the demand engine wished for. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>

#include "demand-words.h"
#include "util/units.h"

#define MIB(kib) ((kib) / KIB_PER_MIB)

/* What the guest does, to be followed by what it gets. */
static void
say_why(const struct demand_need *n, char *text, size_t size)
{
    uint64_t base = MIB(n->base_kib), share = MIB(n->share_kib);

    switch (n->cause) {
    case DEMAND_UNKNOWN:
        snprintf(text, size, "says nothing of its use");
        break;
    case DEMAND_IDLE:
        snprintf(text, size,
                 "uses %" PRIu64 " MiB and can do with %" PRIu64
                 " of its share of %" PRIu64 " MiB",
                 base, MIB(n->want_kib), share);
        break;
    case DEMAND_USE:
        snprintf(text, size, "uses %" PRIu64 " MiB of its share of %" PRIu64,
                 base, share);
        break;
    case DEMAND_FLOOR:
        snprintf(text, size,
                 "lacked memory when it had less than %" PRIu64 " MiB",
                 MIB(n->tight_kib));
        break;
    case DEMAND_BOOT:
        snprintf(text, size, "started a moment ago");
        break;
    case DEMAND_WAKE:
        snprintf(text, size,
                 "uses %" PRIu64 " MiB, grew or lacked memory a moment ago",
                 base);
        break;
    case DEMAND_CLAIM:
        snprintf(text, size,
                 "needs %" PRIu64 " MiB, more than its share of %" PRIu64,
                 MIB(n->want_kib), share);
        break;
    case DEMAND_LACK:
        snprintf(text, size,
                 "loses %u.%02u %% of its time for want of memory and needs "
                 "%" PRIu64 " MiB; its share is %" PRIu64,
                 (unsigned)(n->cost_permyriad / 100),
                 (unsigned)(n->cost_permyriad % 100), MIB(n->want_kib), share);
        break;
    case DEMAND_BARRED:
        snprintf(text, size,
                 "lacked as much with more than its share of %" PRIu64 " MiB",
                 share);
        break;
    case DEMAND_ABSURD:
        snprintf(text, size, "says that it swaps in what is not swapped out");
        break;
    }
}

/* What others get of its share, or it of theirs. */
void
demand_words(const struct demand_part *p, char *text, size_t text_size)
{
    uint64_t share_kib = p->need->share_kib;
    char why[160];

    say_why(p->need, why, sizeof(why));
    if (p->give_kib + KIB_PER_MIB <= share_kib)
        snprintf(text, text_size, "%s; lends %" PRIu64 " MiB", why,
                 MIB(share_kib - p->give_kib));
    else if (p->give_kib >= share_kib + KIB_PER_MIB)
        snprintf(text, text_size, "%s; has %" PRIu64 " MiB more than its share",
                 why, MIB(p->give_kib - share_kib));
    else
        snprintf(text, text_size, "%s; has its share of %" PRIu64 " MiB", why,
                 MIB(share_kib));
}
