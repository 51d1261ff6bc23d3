/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks whether an answer is there each time the loop asks. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>

#include <json-c/json.h>

#include "ctl-later.h"
#include "tick.h"
#include "util/units.h"

/* Others have deadlines of their own, which are shorter. */
#define WAIT_MS (15 * MS_PER_S)

static int
look(struct verb_call *call)
{
    struct laters *t = call->b->laters;
    uint64_t id = call->wait.event_id;
    int r = later_take(t, id, &call->result, &call->error);

    if (r == 0 && !call->is_late)
        return 0;
    if (r > 0 && call->error.code == 0)
        return 0;
    if (r > 0)
        return -EINVAL;
    later_abandon(t, id);
    return verb_fail(call, REQUEST_TIMEOUT, "There is no answer in time");
}

struct later *
verb_wait_later(struct verb_call *call)
{
    struct later *later = later_begin(call->b->laters);

    if (!later) {
        verb_fail(call, REQUEST_TOO_MANY, "Too many answers are waited for");
        return NULL;
    }
    call->wait = (struct verb_wait){
        .again = look,
        .timeout_ms = WAIT_MS,
        .event_id = later_id(later),
    };
    return later;
}
