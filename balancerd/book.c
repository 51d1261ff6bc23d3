/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reservations and ranges as clients change them. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "engines.h"
#include "log.h"
#include "note.h"
#include "proto/keys.h"
#include "reserve-text.h"
#include "util/parse.h"
#include "util/units.h"
#include "util/uuid.h"

#define TTL_MIN_MS MS_PER_S
#define TTL_MAX_MS (7ull * 24 * 3600 * MS_PER_S)

int
book_save(struct balancer *b, const struct reservation *r)
{
    char path[KEYS_PATH_SIZE], text[RESERVE_TEXT_SIZE];
    int error;

    reservation_format(r, text);
    error =
        b->host->ops->store_write(b->host, keys_reservation(path, r->id), text);
    if (error < 0)
        log_warn(-error, "reservation %s cannot be kept in xenstore", r->id);
    return error;
}

int
book_fail_store(char error[BOOK_ERROR_SIZE])
{
    snprintf(error, BOOK_ERROR_SIZE,
             "xenstore did not take the change; nothing has changed");
    return -EIO;
}

static int
load_one(void *arg, const char *name, const char *value)
{
    struct balancer *b = arg;
    struct reservation r;
    char path[KEYS_PATH_SIZE];

    if (reservation_parse(name, value, &r) == 0)
        return reserve_add(&b->reservations, &r);
    log_warnx("reservation %s in xenstore is unreadable and removed", name);
    return b->host->ops->store_remove(b->host, keys_reservation(path, name));
}

int
book_load(struct balancer *b)
{
    int r = b->host->ops->store_list(b->host, KEYS_RESERVATIONS, load_one, b);

    if (r == 0 && b->reservations.n > 0)
        log_info("%zu reservations are back", b->reservations.n);
    return r;
}

static int
check_ttl(uint64_t ttl_ms, char error[BOOK_ERROR_SIZE])
{
    if (ttl_ms >= TTL_MIN_MS && ttl_ms <= TTL_MAX_MS)
        return 0;
    snprintf(error, BOOK_ERROR_SIZE,
             "a time to live is 1 s to 7 days, not %" PRIu64 " ms", ttl_ms);
    return -EINVAL;
}

static int
check_ask(const struct book_ask *ask, char error[BOOK_ERROR_SIZE])
{
    const char *what = NULL;
    char uuid[PARSE_UUID_SIZE];

    if (ask->min_kib == 0)
        what = "the size must not be 0";
    else if (ask->min_kib > ask->max_kib)
        what = "min is above max";
    else if (ask->overhead_kib > ask->min_kib)
        what = "the overhead is larger than the reservation";
    else if (!reserve_name_is_good(ask->owner))
        what = "owner must be 1 to 63 characters of [A-Za-z0-9._:@+-]";
    else if (ask->key && !reserve_name_is_good(ask->key))
        what = "key must be 1 to 63 characters of [A-Za-z0-9._:@+-]";
    else if (ask->uuid && parse_uuid(ask->uuid, uuid) < 0)
        what = "uuid is not a uuid";
    if (!what)
        return check_ttl(ask->ttl_ms, error);
    snprintf(error, BOOK_ERROR_SIZE, "%s", what);
    return -EINVAL;
}

/* The same request delivered twice is one reservation. */
static int
find_same(struct balancer *b, const struct book_ask *ask,
          struct reservation *ret, char error[BOOK_ERROR_SIZE])
{
    const struct reservation *r =
        ask->key ? reserve_find_key(&b->reservations, ask->key) : NULL;

    if (!r)
        return -ENOENT;
    if (r->min_kib != ask->min_kib || r->kib > ask->max_kib) {
        snprintf(error, BOOK_ERROR_SIZE,
                 "key %s already stands for %" PRIu64 " KiB (at least %" PRIu64
                 ")",
                 ask->key, r->kib, r->min_kib);
        return -EEXIST;
    }
    *ret = *r;
    return 0;
}

/* A range is a sharer like any domain: the engine says what it gets. */
static int
choose_amount(struct balancer *b, const struct book_ask *ask, uint64_t *ret_kib)
{
    int r;

    *ret_kib = ask->min_kib;
    if (ask->min_kib == ask->max_kib)
        return 0;
    r = snapshot_add_range(&b->snapshot, ask->min_kib, ask->max_kib);
    if (r == 0)
        r = plan_begin(&b->plan, &b->snapshot);
    if (r < 0)
        return r;
    r = engines_plan(b->engines, &b->snapshot, &b->plan);
    if (r < 0 && r != -EIO) /* where an engine fails the range has its min */
        return r;
    *ret_kib =
        clamp_u64(page_floor_kib(b->plan.wishes[b->plan.n - 1].target_kib),
                  ask->min_kib, ask->max_kib);
    return 0;
}

static int
check_feasible(struct balancer *b, const struct book_ask *ask,
               struct feasibility *ret_why, char error[BOOK_ERROR_SIZE])
{
    struct feasibility why;
    int r = squeeze_feasibility(&why, &b->snapshot, &b->guests, ask->min_kib);

    if (r < 0)
        return r;
    if (!why.is_feasible ||
        (ask->wait_ms == 0 && why.spare_kib < ask->min_kib)) {
        feasibility_text(&why, error, BOOK_ERROR_SIZE);
        b->stats.refusals++;
        note(b, EVENTS_RESERVATION_REFUSED, "a request of %s is refused: %s",
             ask->owner, error);
        r = -ENOSPC;
    }
    if (r == -ENOSPC && ret_why)
        *ret_why = why;
    else
        feasibility_done(&why);
    return r;
}

static int
make_reservation(struct balancer *b, const struct book_ask *ask,
                 uint64_t amount_kib, struct reservation *ret)
{
    uint64_t now_ms = b->snapshot.xbp.now_ms;
    struct reservation r = {
        .owner_pid = ask->owner_pid,
        .state = RESERVE_PENDING,
        .kib = amount_kib,
        .min_kib = ask->min_kib,
        .open_kib = amount_kib,
        .overhead_kib = ask->overhead_kib,
        .asked_ms = now_ms,
        .give_up_ms = sat_add(now_ms, ask->wait_ms),
        .expires_ms = sat_add(now_ms, ask->ttl_ms),
        .is_for_next = ask->is_for_next,
        .domid = RESERVE_NO_DOMID,
    };

    snprintf(r.owner, sizeof(r.owner), "%s", ask->owner);
    if (ask->key)
        snprintf(r.key, sizeof(r.key), "%s", ask->key);
    if (ask->uuid)
        parse_uuid(ask->uuid, r.uuid);
    *ret = r;
    return uuid_make(ret->id);
}

/* Kept in xenstore before anyone hears of it. */
static int
enter(struct balancer *b, const struct reservation *r,
      char error[BOOK_ERROR_SIZE])
{
    int failure = reserve_add(&b->reservations, r);

    if (failure == -ENOSPC) {
        snprintf(error, BOOK_ERROR_SIZE,
                 "there are %d reservations already, the most there may be",
                 RESERVE_MAX);
        return -EDQUOT;
    }
    if (failure < 0)
        return failure;
    if (book_save(b, r) == 0)
        return 0;
    reserve_remove(&b->reservations, r->id);
    return book_fail_store(error);
}

int
book_reserve(struct balancer *b, const struct book_ask *ask,
             struct reservation *ret, struct feasibility *ret_why,
             char error[BOOK_ERROR_SIZE])
{
    struct reservation made = { 0 };
    uint64_t amount_kib;
    int r = check_ask(ask, error);

    if (r < 0)
        return r;
    r = find_same(b, ask, ret, error);
    if (r != -ENOENT)
        return r;
    snprintf(error, BOOK_ERROR_SIZE, "the host cannot be observed");
    r = balancer_refresh(b);
    if (r == 0)
        r = check_feasible(b, ask, ret_why, error);
    if (r == 0)
        r = choose_amount(b, ask, &amount_kib);
    if (r == 0)
        r = make_reservation(b, ask, amount_kib, &made);
    if (r == 0)
        r = enter(b, &made, error);
    if (r < 0)
        return r;
    note_reservation(b, EVENTS_RESERVATION_ASKED, &made,
                     ": %" PRIu64 " KiB asked for", made.kib);
    *ret = made;
    return 0;
}

static struct reservation *
find_or_say(struct balancer *b, const char *id, char error[BOOK_ERROR_SIZE])
{
    struct reservation *r = reserve_find(&b->reservations, id);

    if (!r)
        snprintf(error, BOOK_ERROR_SIZE, "there is no reservation %.40s", id);
    return r;
}

int
book_release(struct balancer *b, const char *id, char error[BOOK_ERROR_SIZE])
{
    const struct reservation *r = find_or_say(b, id, error);
    char path[KEYS_PATH_SIZE];

    if (!r)
        return -ENOENT;
    if (b->host->ops->store_remove(b->host, keys_reservation(path, r->id)) < 0)
        return book_fail_store(error);
    note_reservation(b, EVENTS_RESERVATION_RELEASED, r, " is released");
    errand_note(&b->errands, r, ERRAND_ENDED, "it was released");
    reserve_remove(&b->reservations, r->id);
    b->is_asked = true;
    return 0;
}

/* Puts changed in r's place if xenstore takes it. */
static int
change(struct balancer *b, struct reservation *r,
       const struct reservation *changed, char error[BOOK_ERROR_SIZE])
{
    if (book_save(b, changed) < 0)
        return book_fail_store(error);
    *r = *changed;
    return 0;
}

int
book_extend(struct balancer *b, const char *id, uint64_t ttl_ms,
            char error[BOOK_ERROR_SIZE])
{
    struct reservation *r = find_or_say(b, id, error);
    struct reservation changed;
    int failure = check_ttl(ttl_ms, error);

    if (!r)
        return -ENOENT;
    if (failure < 0)
        return failure;
    changed = *r;
    changed.expires_ms = sat_add(b->host->ops->now_ms(b->host), ttl_ms);
    return change(b, r, &changed, error);
}

int
book_hand_over(struct balancer *b, struct reservation *r, const struct guest *g,
               char error[BOOK_ERROR_SIZE])
{
    struct reservation changed = *r;
    int failure;

    changed.domid = g->facts.domid;
    changed.is_transferred = true;
    changed.is_for_next = false;
    memcpy(changed.uuid, g->facts.uuid, sizeof(changed.uuid));
    failure = change(b, r, &changed, error);
    if (failure == 0)
        note_reservation(b, EVENTS_RESERVATION_TRANSFERRED, r,
                         " is taken up by dom %u (%s)", g->facts.domid,
                         g->facts.name);
    return failure;
}

int
book_transfer(struct balancer *b, const char *id, uint32_t domid,
              char error[BOOK_ERROR_SIZE])
{
    struct reservation *r = find_or_say(b, id, error);
    const struct guest *g;

    if (!r)
        return -ENOENT;
    if (balancer_refresh(b) < 0 || !(g = guest_find(&b->guests, domid))) {
        snprintf(error, BOOK_ERROR_SIZE, "there is no domain %u", domid);
        return -ESRCH;
    }
    if (r->state == RESERVE_PENDING ||
        (r->is_transferred && r->domid != domid)) {
        snprintf(error, BOOK_ERROR_SIZE, "reservation %s %s", r->id,
                 r->state == RESERVE_PENDING ? "is not granted"
                                             : "is another domain's");
        return -EBUSY;
    }
    return book_hand_over(b, r, g, error);
}
