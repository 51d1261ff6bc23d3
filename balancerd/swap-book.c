/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may be wished of volumes. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "settings.h"
#include "swap-book.h"
#include "swap-keep.h"
#include "swap-step.h"
#include "tick.h"
#include "util/text.h"
#include "util/units.h"
#include "util/uuid.h"

#define SHOWN_SIZE 80

static int
add_leg(struct swap_ask *ask, const char *text, size_t length,
        char error[SWAP_BOOK_ERROR_SIZE])
{
    char shown[SHOWN_SIZE];
    struct rswap_leg leg;
    char *to;

    if (ask->n_legs == RSWAP_LEGS_MAX || length >= VOLUME_LEG_SIZE) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "A volume has at most %d legs, of %d characters each",
                 RSWAP_LEGS_MAX, VOLUME_LEG_SIZE - 1);
        return -EINVAL;
    }
    to = ask->legs[ask->n_legs];
    memcpy(to, text, length);
    to[length] = '\0';
    if (rswap_leg_parse(to, &leg) < 0) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "A leg is nbd:HOST:PORT:EXPORT or file:DIRECTORY, not '%s'",
                 text_escape(shown, sizeof(shown), to));
        return -EINVAL;
    }
    ask->n_legs++;
    return 0;
}

int
swap_ask_legs(struct swap_ask *ask, const char *text,
              char error[SWAP_BOOK_ERROR_SIZE])
{
    size_t length;
    int r = 0;

    for (; *text && r == 0; text += length + (text[length] == ',')) {
        length = strcspn(text, ",");
        r = add_leg(ask, text, length, error);
    }
    return r;
}

/* A single lender's death would be the guest's. */
static int
add_disk(const struct balancer *b, struct swap_ask *ask,
         char error[SWAP_BOOK_ERROR_SIZE])
{
    char text[VOLUME_LEG_SIZE];

    if (ask->n_legs != 1)
        return 0;
    snprintf(text, sizeof(text), "file:%s",
             b->conf ? b->conf->swap_directory : CONF_SWAP_DIRECTORY);
    return add_leg(ask, text, strlen(text), error);
}

static int
check_legs(const struct swap_ask *ask, char error[SWAP_BOOK_ERROR_SIZE])
{
    struct rswap_leg legs[RSWAP_LEGS_MAX];
    const char *fault;

    if (!ask->legs[0][0])
        return 0; /* a lender's, which is not known yet, and the disk's */
    for (size_t i = 0; i < ask->n_legs; i++)
        if (rswap_leg_parse(ask->legs[i], &legs[i]) < 0)
            return -EINVAL;
    fault = rswap_legs_fault(legs, ask->n_legs);
    if (!fault)
        return 0;
    snprintf(error, SWAP_BOOK_ERROR_SIZE, "%s", fault);
    return -EINVAL;
}

uint64_t
swap_book_max_kib(const struct balancer *b, const struct guest *g)
{
    const struct settings *s = settings_find(&b->settings, g->facts.uuid);

    return s ? s->swap_max_kib : HOST_UNSET;
}

static int
check_policy(const struct balancer *b, const struct guest *g,
             const struct swap_ask *ask, char error[SWAP_BOOK_ERROR_SIZE])
{
    const struct settings *s = settings_find(&b->settings, g->facts.uuid);
    uint64_t max_kib = swap_book_max_kib(b, g);

    if (s && s->swap == SETTINGS_SWAP_NEVER) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "The domain's swap policy is never (vm-swap-policy-set)");
        return -EPERM;
    }
    if (ask->size_kib > max_kib) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "The domain may have %" PRIu64 " KiB of remote swap at most "
                 "(vm-swap-policy-set), not %" PRIu64 " KiB",
                 max_kib, ask->size_kib);
        return -ERANGE;
    }
    if (ask->size_kib < SWAP_SIZE_MIN_KIB) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "A volume has at least %d KiB, not %" PRIu64 " KiB",
                 SWAP_SIZE_MIN_KIB, ask->size_kib);
        return -EINVAL;
    }
    return 0;
}

static int
check_domain(const struct balancer *b, const struct guest *g,
             char error[SWAP_BOOK_ERROR_SIZE])
{
    const struct swap_volume *v = swap_of(&b->swap, g->facts.uuid);

    if (!b->swap.run) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "This balancerd was built without remote swap");
        return -EOPNOTSUPP;
    }
    if (g->facts.domid == 0 || g->facts.is_dying) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 g->facts.is_dying ? "The domain is going away"
                                   : "Domain 0 cannot have remote swap");
        return -EINVAL;
    }
    if (!v || swap_is_over(v))
        return 0;
    snprintf(error, SWAP_BOOK_ERROR_SIZE,
             "The domain already has a volume, %s, of %" PRIu64 " KiB (%s)",
             v->uuid, v->size_kib, volume_state_name(v->state));
    return -EEXIST;
}

static int
enter(struct balancer *b, const struct guest *g, const struct swap_ask *ask,
      struct swap_volume **ret)
{
    struct swap_volume *v = swap_new(&b->swap);
    int r = v ? uuid_make(v->uuid) : -ENOSPC;

    if (r < 0) {
        if (v)
            swap_drop(&b->swap, v);
        return r;
    }
    memcpy(v->domain, g->facts.uuid, sizeof(v->domain));
    v->domid = g->facts.domid;
    v->size_kib = ask->size_kib;
    v->n_legs = ask->n_legs;
    memcpy(v->legs, ask->legs, sizeof(v->legs));
    snprintf(v->peer, sizeof(v->peer), "%s", ask->peer ? ask->peer : "");
    v->is_automatic = ask->is_automatic;
    v->move_kib_per_s = ask->move_kib_per_s;
    if (v->move_kib_per_s == HOST_UNSET)
        v->move_kib_per_s = b->conf ? b->conf->swap_move_kib_per_s : 0;
    v->state = VOLUME_ASKING;
    *ret = v;
    return 0;
}

static int
begin(struct balancer *b, const struct guest *g, const struct swap_ask *ask,
      struct swap_volume **ret, char error[SWAP_BOOK_ERROR_SIZE])
{
    char why[SWAP_KEEP_ERROR_SIZE];
    int r = enter(b, g, ask, ret);

    if (r < 0) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE,
                 "There are %d volumes, and no place for another one",
                 SWAP_VOLUMES_MAX);
        return r;
    }
    if (swap_keep_save(&b->swap, why) < 0) {
        snprintf(error, SWAP_BOOK_ERROR_SIZE, "%s; nothing has changed", why);
        swap_drop(&b->swap, *ret);
        return -EIO;
    }
    swap_happens(b, *ret, VOLUME_TIME);
    return 0;
}

int
swap_book_attach(struct balancer *b, const struct guest *g,
                 struct swap_ask *ask, struct swap_volume **ret,
                 char error[SWAP_BOOK_ERROR_SIZE])
{
    int r = check_domain(b, g, error);

    if (ask->n_legs == 0)
        ask->n_legs = 1; /* to be lent */
    if (r == 0)
        r = check_policy(b, g, ask, error);
    if (r == 0)
        r = add_disk(b, ask, error);
    if (r == 0)
        r = check_legs(ask, error);
    return r < 0 ? r : begin(b, g, ask, ret, error);
}

int
swap_book_detach(struct balancer *b, struct swap_volume *v, bool is_forced,
                 char error[SWAP_BOOK_ERROR_SIZE])
{
    char why[SWAP_KEEP_ERROR_SIZE];
    enum swap_wish old = v->wish;

    v->wish = is_forced ? SWAP_FORCED : SWAP_UNWANTED;
    if (swap_keep_save(&b->swap, why) < 0) {
        v->wish = old;
        snprintf(error, SWAP_BOOK_ERROR_SIZE, "%s; nothing has changed", why);
        return -EIO;
    }
    v->code[0] = v->error[0] = '\0';
    v->needed_kib = v->available_kib = HOST_UNSET;
    if (v->state != VOLUME_WITHDRAWING || is_forced)
        swap_happens(b, v, is_forced ? VOLUME_FORCED : VOLUME_UNWANTED);
    return 0;
}
