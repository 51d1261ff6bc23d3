/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What clients may do to the balancer: reservations and ranges, checked,
 * carried out and kept in xenstore before the caller hears "yes".  Amounts in
 * KiB.  On failure nothing has changed and error holds a sentence.
 */
#ifndef BOOK_H
#define BOOK_H

#include <stdint.h>

#include "range.h"
#include "reserve.h"
#include "settings.h"
#include "squeeze.h"
#include "tick.h"

#define BOOK_ERROR_SIZE 512

struct book_ask {
    uint64_t min_kib; /* at least this ... */
    uint64_t max_kib; /* ... up to this; equal for a plain size */
    uint64_t overhead_kib;
    uint64_t ttl_ms;   /* 1 s .. 7 days */
    uint64_t wait_ms;  /* refused if not there by then; 0: only what is free */
    const char *owner; /* required; see reserve_name_is_good */
    uint32_t owner_pid;
    const char *key;  /* idempotency key or NULL */
    const char *uuid; /* the domain it is for, or NULL */
    bool is_for_next; /* the first domain to come takes it up */
};

/* A new reservation, pending or granted; or the one that has the same key.
 * -EINVAL, -ENOSPC (cannot be freed: ret_why, if not NULL, says who could
 * give what), -EEXIST (same key, other amount), -EDQUOT (RESERVE_MAX), -EIO
 * (xenstore).  ret is a copy. */
int book_reserve(struct balancer *b, const struct book_ask *ask,
                 struct reservation *ret, struct feasibility *ret_why,
                 char error[BOOK_ERROR_SIZE]);
/* -ENOENT, -EIO. */
int
book_release(struct balancer *b, const char *id, char error[BOOK_ERROR_SIZE]);
/* The TTL starts anew with ttl_ms from now.  -ENOENT, -EINVAL, -EIO. */
int book_extend(struct balancer *b, const char *id, uint64_t ttl_ms,
                char error[BOOK_ERROR_SIZE]);
/* From now on it counts as max(reservation, actual) of that domain.
 * -ENOENT (reservation), -ESRCH (domain), -EBUSY (pending, or another
 * domain's), -EIO. */
int book_transfer(struct balancer *b, const char *id, uint32_t domid,
                  char error[BOOK_ERROR_SIZE]);
/* The same for a domain that has been found already; -EIO. */
int book_hand_over(struct balancer *b, struct reservation *r,
                   const struct guest *g, char error[BOOK_ERROR_SIZE]);
/* Writes the parts of the chain that differ to xenstore.  -ESRCH, -ERANGE
 * (the chain would break), -EIO. */
int book_set_range(struct balancer *b, uint32_t domid,
                   const struct range *range, char error[BOOK_ERROR_SIZE]);
/* The same for a chain that was checked; dynamic limits that are HOST_UNSET
 * stay.  -ESRCH, -EIO. */
int book_write_range(struct balancer *b, const struct guest *g,
                     const struct range *range, char error[BOOK_ERROR_SIZE]);

/* Back to these, whatever chain they are; keys that are HOST_UNSET go. 0 or
 * -errno. */
int book_restore_range(struct balancer *b, uint32_t domid,
                       const struct range *range);

/* What a change of settings is about. */
enum settings_fields {
    SETTINGS_LIMITS = 1 << 0, /* those of wanted that are not HOST_UNSET */
    SETTINGS_WEIGHT = 1 << 1,
    SETTINGS_PIN = 1 << 2,
    SETTINGS_ENGINE = 1 << 3,
    SETTINGS_SWAP = 1 << 4,
};

/* Changes these fields of the domain wanted->uuid, running or not: kept on
 * disk first, then in force.  The static-max of a domain that runs is kept for
 * its next start.  -ERANGE (the chain would break; it is in ret_range, if not
 * NULL), -EPERM (written by a newer balancerd), -EDQUOT (SETTINGS_MAX), -EIO,
 * -ESRCH (gone meanwhile), -ENOMEM. */
int book_change_settings(struct balancer *b, const struct settings *wanted,
                         unsigned fields, struct range *ret_range,
                         char error[BOOK_ERROR_SIZE]);
/* Would it be refused?  0, -ERANGE, -EPERM, -EIO; nothing is changed. */
int book_check_settings(struct balancer *b, const struct settings *wanted,
                        unsigned fields, struct range *ret_range,
                        char error[BOOK_ERROR_SIZE]);
/* What was there before a change that is one of several, and the way back, if
 * one after it failed: what cannot be brought back is told to the log. */
struct book_undo {
    struct settings settings;
    struct range limits; /* in xenstore */
};
void
book_note(const struct balancer *b, const char *uuid, struct book_undo *ret);
void book_undo(struct balancer *b, const struct book_undo *undo);
/* What is in force of them stays while the domain runs, but weight, pin and
 * engine.  -ENOENT, -EPERM, -EIO. */
int book_forget_settings(struct balancer *b, const char *uuid,
                         char error[BOOK_ERROR_SIZE]);
/* The settings in dir (kept by the caller; NULL: they last as long as the
 * daemon) come back; called once.  0 or -errno: then each change fails. */
int book_load_settings(struct balancer *b, const char *dir);
/* The reservations in xenstore come back; called once. */
int book_load(struct balancer *b);
/* -EIO, with the sentence for it. */
int book_fail_store(char error[BOOK_ERROR_SIZE]);
/* Writes r as it now is; 0 or -errno. */
int book_save(struct balancer *b, const struct reservation *r);

#endif
