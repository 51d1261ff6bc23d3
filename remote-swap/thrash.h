/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a guest so short of memory that it does little else than swap? */
#ifndef THRASH_H
#define THRASH_H

#include <stdbool.h>
#include <stdint.h>

#define THRASH_UNKNOWN UINT64_MAX /* nobody tells */

enum thrash_state {
    THRASH_HEALTHY,
    THRASH_WATCH,     /* it waits for its swap now and then */
    THRASH_THRASH,    /* it suffers: more memory, or faster swap, would help */
    THRASH_SUSTAINED, /* it has suffered too long to go on by itself */
    THRASH_EMERGENCY, /* it does next to nothing else */
};

/* What was seen of a guest over span_ms that have just ended.  Rates are those
 * of that time. */
struct thrash_signs {
    uint64_t span_ms;
    uint64_t swap_in_kib_per_s;
    uint64_t swap_out_kib_per_s;
    uint64_t refault_anon_kib_per_s;
    uint64_t refault_file_kib_per_s;
    uint64_t stall_some_permyriad;
    uint64_t stall_full_permyriad;
    /* In which a read of its swap was waited for, as seen from outside. */
    uint64_t wait_permyriad;
    uint64_t swap_total_kib;
    uint64_t available_kib; /* what it could do without, ... */
    uint64_t memory_kib;    /* ... of all it has; 0: not known */
};

/* What signs say by themselves, whatever was before. */
enum thrash_sign {
    THRASH_SIGN_NONE,   /* nothing */
    THRASH_SIGN_CALM,   /* it is well */
    THRASH_SIGN_UNEASY, /* nothing that would begin or end anything */
    THRASH_SIGN_WATCH,
    THRASH_SIGN_BAD,
    THRASH_SIGN_DIRE,
};

/* All zero: healthy, nothing is known. */
struct thrash {
    enum thrash_state state;
    uint64_t since_ms; /* it has been thrashing */
    uint64_t heard_ms; /* the last signs that said anything */
    /* how much of the last time was bad, dire, calm */
    uint64_t bad_ms;
    uint64_t dire_ms;
    uint64_t calm_ms;
};

/* "healthy", "watch", "thrash", "sustained", "emergency". */
const char *thrash_state_name(enum thrash_state state);

enum thrash_sign thrash_read(const struct thrash_signs *s);

/* Takes new signs in; NULL: there are none, but time has passed.  What signs
 * say is the guest's own word where they come from an agent: a liar gains no
 * more than not to be shrunk for others' convenience. */
void
thrash_judge(struct thrash *t, const struct thrash_signs *s, uint64_t now_ms);

/* Thrash or worse? */
bool thrash_is_thrashing(const struct thrash *t);

#endif
