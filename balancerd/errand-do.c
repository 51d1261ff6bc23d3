/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes one errand come true, or says why not. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "errand-do.h"
#include "log.h"
#include "note.h"
#include "proto/keys.h"
#include "util/parse.h"
#include "util/units.h"

/* What xenstore does not take now it may take in a second, or in some. */
#define RETRY_MIN_MS MS_PER_S
#define RETRY_MAX_MS (10 * MS_PER_S)

void
errands_fail_later(struct balancer *b)
{
    struct errand_table *t = &b->errands;

    t->pause_ms = clamp_u64(2 * t->pause_ms, RETRY_MIN_MS, RETRY_MAX_MS);
    t->retry_ms = b->host->ops->now_ms(b->host) + t->pause_ms;
}

struct reservation *
errand_held_by(struct balancer *b, const char *name)
{
    char key[RESERVE_KEY_SIZE];
    struct reservation *r;

    errand_key(key, name);
    r = reserve_find_key(&b->reservations, key);
    return r && errand_name_of(r) ? r : NULL;
}

/* Ends the errand's reservation, if it has one, without a word to the
 * script. */
int
errand_withdraw(struct balancer *b, const char *name)
{
    struct errand *e = errand_find(&b->errands, name);
    const struct reservation *r = errand_held_by(b, name);
    char error[BOOK_ERROR_SIZE], id[RESERVE_ID_SIZE];
    int failure;

    if (e)
        e->id[0] = '\0';
    if (!r)
        return 0;
    memcpy(id, r->id, sizeof(id));
    failure = book_release(b, id, error);
    if (failure < 0) {
        log_warnx("request %s in xenstore: %s", name, error);
        b->errands.is_stale = true;
        errands_fail_later(b);
    }
    return failure;
}

void
errand_forget(struct balancer *b, const char *name)
{
    errand_withdraw(b, name);
    errand_remove(&b->errands, name);
}

void
errand_note_refusal(struct balancer *b, const char *name, const char *why)
{
    note(b, EVENTS_RESERVATION_REFUSED,
         "request %.*s of xenstore is refused: %s", ERRAND_NAME_ANSWERABLE,
         name, why);
}

static int
reserve(struct balancer *b, struct errand *e, const struct errand_words *w,
        char error[BOOK_ERROR_SIZE])
{
    char key[RESERVE_KEY_SIZE];
    const struct book_ask ask = {
        .min_kib = w->min_kib,
        .max_kib = w->max_kib,
        .overhead_kib = w->overhead_kib,
        .ttl_ms = w->ttl_ms,
        .wait_ms = w->wait_ms,
        .owner = ERRAND_OWNER,
        .key = key,
        .uuid = w->uuid[0] ? w->uuid : NULL,
    };
    struct reservation made;
    int r;

    errand_key(key, e->name);
    r = book_reserve(b, &ask, &made, NULL, error);
    if (r < 0)
        return r;
    memcpy(e->id, made.id, sizeof(e->id));
    errand_answer(e, ERRAND_PENDING);
    return 0;
}

void
errand_resume(struct balancer *b, struct errand *e,
              const struct reservation *held)
{
    memcpy(e->id, held->id, sizeof(e->id));
    if (held->state == RESERVE_PENDING)
        errand_answer(e, ERRAND_PENDING);
    else
        errand_note(&b->errands, held, ERRAND_GRANTED, "");
}

/* The same again: it lives on for another time to live. */
static int
renew(struct balancer *b, struct errand *e, const struct reservation *held,
      uint64_t ttl_ms, char error[BOOK_ERROR_SIZE])
{
    errand_resume(b, e, held);
    return book_extend(b, e->id, ttl_ms, error);
}

/* Whatever the book refuses for a reason that lies in the words or in the
 * host's memory, it would refuse again. */
static bool
is_final(int r)
{
    return r == -EINVAL || r == -ENOSPC || r == -EDQUOT || r == -EEXIST;
}

static void
refuse(struct balancer *b, struct errand *e, int r, const char *why)
{
    errand_withdraw(b, e->name);
    errand_answer(e, ERRAND_REFUSED " %s", why);
    if (r != -ENOSPC) /* of that the book has told */
        errand_note_refusal(b, e->name, why);
}

/* Makes the errand's words come true, or says why not. */
void
errand_carry_out(struct balancer *b, struct errand *e)
{
    char error[BOOK_ERROR_SIZE] = "";
    const struct reservation *held = errand_held_by(b, e->name);
    struct errand_words words;
    int r = errand_words_parse(e->words, &words, error);

    if (r == 0 && held && !errand_words_mean(&words, held)) {
        r = errand_withdraw(b, e->name);
        held = NULL;
    }
    if (r == 0)
        r = held ? renew(b, e, held, words.ttl_ms, error)
                 : reserve(b, e, &words, error);
    e->is_unasked = r < 0 && !is_final(r);
    if (e->is_unasked)
        errands_fail_later(b);
    else if (r < 0)
        refuse(b, e, r, error);
}

/* Another reason, or "" for none: the script hears of it. */
static void
set_error(struct errand *e, const char *error)
{
    e->is_due |= strcmp(e->error, error) != 0;
    snprintf(e->error, sizeof(e->error), "%s", error);
}

/* -ENOENT: the script names none; -EINVAL: what it names is no number. */
static int
read_domid(struct balancer *b, const struct errand *e, uint32_t *ret_domid)
{
    char path[KEYS_PATH_SIZE], text[16];
    uint64_t domid;
    int r = b->host->ops->store_read(b->host,
                                     keys_errand_key(path, e->name,
                                                     KEY_ERRAND_DOMID),
                                     text, sizeof(text));

    if (r == -E2BIG ||
        (r == 0 && parse_u64(text, 0, RESERVE_NO_DOMID - 1, &domid) < 0))
        return -EINVAL;
    if (r == 0)
        *ret_domid = (uint32_t)domid;
    return r;
}

void
errand_link(struct balancer *b, struct errand *e)
{
    const struct reservation *held = reserve_find(&b->reservations, e->id);
    char error[BOOK_ERROR_SIZE] = "";
    uint32_t domid = 0;
    int r;

    if (!held || held->state != RESERVE_GRANTED)
        return;
    r = read_domid(b, e, &domid);
    if (r == -EINVAL)
        snprintf(error, sizeof(error), "domid is not a number");
    if (r == 0 && !(held->is_transferred && held->domid == domid))
        r = book_transfer(b, e->id, domid, error);
    e->is_unlinked = r == -EIO;
    if (e->is_unlinked)
        errands_fail_later(b);
    else
        set_error(e, error);
}
