/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One event for each thing that an administrator would want to hear of. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "note.h"
#include "proto/keys.h"
#include "swap-note.h"
#include "tick.h"

/* The domain may be gone. */
static void __attribute__((format(printf, 4, 5)))
tell(struct balancer *b, const struct swap_volume *v, enum events_kind kind,
     const char *format, ...)
{
    const struct guest *g = guest_find(&b->guests, v->domid);
    struct guest was = { .facts.domid = v->domid };
    char text[EVENTS_SENTENCE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    memcpy(was.facts.uuid, v->domain, sizeof(was.facts.uuid));
    if (!g || strcmp(g->facts.uuid, v->domain) != 0)
        g = &was;
    note_guest(b, kind, g, "%s", text);
}

static void
publish(struct balancer *b, const struct swap_volume *v)
{
    const struct guest *g = guest_find(&b->guests, v->domid);
    char path[KEYS_PATH_SIZE];
    int r;

    if (!g || strcmp(g->facts.uuid, v->domain) != 0)
        return; /* its status is gone with it */
    keys_status(path, v->domid, KEY_STATUS_SWAP);
    r = v->state == VOLUME_ENDED
            ? b->host->ops->store_remove(b->host, path)
            : b->host->ops->store_write(b->host, path,
                                        volume_state_name(v->state));
    if (r < 0 && r != -ENOENT)
        log_warn(-r, "cannot publish %s", path);
}

static void
note_attached(struct balancer *b, struct swap_volume *v, enum volume_state was)
{
    if (v->was_attached)
        return;
    v->was_attached = true;
    tell(b, v, EVENTS_SWAP_ATTACHED,
         "remote swap is attached: volume %s, %" PRIu64 " KiB as %s%s", v->uuid,
         v->facts.device_kib, v->facts.vdev,
         was == VOLUME_FOUND ? ", since before balancerd started" : "");
}

static void
note_end(struct balancer *b, const struct swap_volume *v)
{
    if (v->was_attached || v->wish != SWAP_WANTED || !v->error[0])
        tell(b, v, EVENTS_SWAP_DETACHED,
             "remote swap is detached: volume %s is gone", v->uuid);
    else
        tell(b, v, EVENTS_SWAP_FAILED, "remote swap is not attached: %s",
             v->error);
}

static void
note_change(struct balancer *b, struct swap_volume *v, enum volume_state was,
            enum volume_event event)
{
    if (event == VOLUME_RECALLED && was != VOLUME_SHEDDING)
        tell(b, v, EVENTS_SWAP_LEG_LOST,
             "remote swap loses a leg: %s wants its memory back",
             v->lenders[v->shed]);
    else if (event == VOLUME_LEG_LOST &&
             (was == VOLUME_ATTACHED || was == VOLUME_ATTACHING ||
              was == VOLUME_FOUND))
        tell(b, v, EVENTS_SWAP_LEG_LOST,
             "remote swap has lost a leg, %s; the guest goes on with the rest",
             v->lost_name);
    else if (was == VOLUME_REPLACING && event == VOLUME_DONE)
        tell(b, v, EVENTS_SWAP_LEG_REPLACED,
             "remote swap has all legs again; %s is being filled",
             v->lost_name);
    else if (v->state == VOLUME_ATTACHED &&
             (was == VOLUME_WITHDRAWING || was == VOLUME_DETACHING))
        tell(b, v, EVENTS_SWAP_REFUSED, "remote swap stays attached: %s",
             v->error);
}

void
swap_note(struct balancer *b, struct swap_volume *v, enum volume_state was,
          enum volume_event event)
{
    if (v->state == VOLUME_ATTACHED)
        note_attached(b, v, was);
    if (v->state == VOLUME_ENDED && was != VOLUME_ENDED)
        note_end(b, v);
    else
        note_change(b, v, was, event);
    if (v->state != was || event == VOLUME_UNWANTED)
        publish(b, v);
}
