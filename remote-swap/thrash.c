/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The detector of suffering guests.  Stalls (PSI) count as far as they come
 * from memory of programs that had to be read again; who reads large files
 * stalls, too, and is well.  Who swaps nothing in does not thrash.  Linux
 * counts a read of swap as a stall only if the page was in use before it was
 * swapped out; who uses all pages alike stalls without a trace, and is found by
 * how long reads of his swap take.
 */
#include <config.h>

#include <stddef.h>

#include "thrash.h"
#include "util/units.h"

static const struct {
    /* All tasks waited: 7 % is where Android's lmkd begins to look (70 ms of
     * a second), 60 % is systemd-oomd's limit; below 2 % nobody notices. */
    uint64_t full_calm_permyriad;
    uint64_t full_bad_permyriad;
    uint64_t full_dire_permyriad;
    /* Some task waited: with many processors never all of them do.  lmkd's
     * 70 ms, and the 200 ms it takes on machines with little memory. */
    uint64_t some_calm_permyriad;
    uint64_t some_bad_permyriad;
    /* A task that waits for nothing but a disk of 8.5 ms a page swaps in
     * 470 KiB/s; a quarter of that is no accident. */
    uint64_t in_least_kib_per_s;
    /* Both ways: pages go round.  Where nobody tells of stalls it is all there
     * is to see. */
    uint64_t round_calm_kib_per_s;
    uint64_t round_bad_kib_per_s;
    /* Of the memory it has.  Linux begins direct reclaim at about a 1/64 of a
     * small guest (min watermark plus watermark_scale_factor): twice that is
     * the alarm, and it ends at four times. */
    uint64_t available_bad_share;
    uint64_t available_calm_share;
} limit = {
    .full_calm_permyriad = 200,
    .full_bad_permyriad = 700,
    .full_dire_permyriad = 6000,
    .some_calm_permyriad = 700,
    .some_bad_permyriad = 2000,
    .in_least_kib_per_s = 128,
    .round_calm_kib_per_s = 256,
    .round_bad_kib_per_s = 1024,
    .available_bad_share = 32,
    .available_calm_share = 16,
};

/* Two reports, of a second each by a clock that is no better than that: help
 * has to be there five seconds after the onset. */
#define BEGIN_MS 1800
/* One report alone is no proof: most of its span may have been well. */
#define REPORT_MS 1000
/* Pages that only come in may be those of someone who wakes up. */
#define WAKE_SHARE 5
/* An agent that has nothing to tell reports every ten seconds. */
#define CLEAR_MS 10000
/* 88 % of overloads have ended by themselves by then (Overdriver). */
#define SUSTAINED_MS 120000
/* systemd-oomd's. */
#define EMERGENCY_MS 30000
/* Three heartbeats may be late, and as long again for someone in need. */
#define FORGET_MS 60000

const char *
thrash_state_name(enum thrash_state state)
{
    switch (state) {
    case THRASH_HEALTHY:
        return "healthy";
    case THRASH_WATCH:
        return "watch";
    case THRASH_THRASH:
        return "thrash";
    case THRASH_SUSTAINED:
        return "sustained";
    case THRASH_EMERGENCY:
        return "emergency";
    }
    return "unknown";
}

bool
thrash_is_thrashing(const struct thrash *t)
{
    return t->state >= THRASH_THRASH;
}

static uint64_t
known_or_0(uint64_t value)
{
    return value == THRASH_UNKNOWN ? 0 : value;
}

/* The part of a stall that is due to programs' memory; all of it if the kernel
 * does not tell them from files. */
static uint64_t
weigh(uint64_t stall_permyriad, const struct thrash_signs *s)
{
    uint64_t anon = s->refault_anon_kib_per_s;
    uint64_t file = s->refault_file_kib_per_s;

    stall_permyriad = known_or_0(stall_permyriad);
    if (anon == THRASH_UNKNOWN || file == THRASH_UNKNOWN)
        return stall_permyriad;
    return anon == 0 ? 0 : mul_div(stall_permyriad, anon, sat_add(anon, file));
}

/* Pages that go out and others that come in. */
static uint64_t
round_kib_per_s(const struct thrash_signs *s)
{
    return min_u64(known_or_0(s->swap_in_kib_per_s),
                   known_or_0(s->swap_out_kib_per_s));
}

static bool
is_short(const struct thrash_signs *s, uint64_t share)
{
    return s->available_kib != THRASH_UNKNOWN &&
           s->available_kib < s->memory_kib / share;
}

/* Without swap there is no swap-in: its programs' text goes round. */
static bool
is_cornered(const struct thrash_signs *s)
{
    return s->swap_total_kib == 0 && is_short(s, limit.available_bad_share);
}

static enum thrash_sign
read_stalls(uint64_t full_permyriad, uint64_t some_permyriad)
{
    if (full_permyriad >= limit.full_dire_permyriad)
        return THRASH_SIGN_DIRE;
    if (full_permyriad >= limit.full_bad_permyriad ||
        some_permyriad >= limit.some_bad_permyriad)
        return THRASH_SIGN_BAD;
    if (full_permyriad >= limit.full_calm_permyriad ||
        some_permyriad >= limit.some_calm_permyriad)
        return THRASH_SIGN_WATCH;
    return THRASH_SIGN_CALM;
}

static enum thrash_sign
read_swapping_stalls(const struct thrash_signs *s)
{
    enum thrash_sign sign;

    if (is_cornered(s))
        return read_stalls(known_or_0(s->stall_full_permyriad),
                           known_or_0(s->stall_some_permyriad));
    if (s->swap_in_kib_per_s == 0)
        return THRASH_SIGN_CALM;
    sign = read_stalls(weigh(s->stall_full_permyriad, s),
                       max_u64(weigh(s->stall_some_permyriad, s),
                               known_or_0(s->wait_permyriad)));
    if (sign > THRASH_SIGN_WATCH &&
        known_or_0(s->swap_in_kib_per_s) < limit.in_least_kib_per_s)
        return THRASH_SIGN_WATCH;
    if (sign == THRASH_SIGN_CALM &&
        round_kib_per_s(s) >= limit.round_calm_kib_per_s)
        return THRASH_SIGN_UNEASY;
    return sign;
}

static enum thrash_sign
read_swapping(const struct thrash_signs *s)
{
    if (s->swap_in_kib_per_s >= limit.round_bad_kib_per_s)
        return THRASH_SIGN_BAD;
    if (s->swap_in_kib_per_s >= limit.round_calm_kib_per_s)
        return THRASH_SIGN_WATCH;
    return THRASH_SIGN_CALM;
}

static enum thrash_sign
read_available(const struct thrash_signs *s)
{
    if (s->available_kib == THRASH_UNKNOWN || s->memory_kib == 0)
        return THRASH_SIGN_NONE;
    if (is_short(s, limit.available_bad_share))
        return THRASH_SIGN_BAD;
    return is_short(s, limit.available_calm_share) ? THRASH_SIGN_UNEASY
                                                   : THRASH_SIGN_CALM;
}

static bool
tells_stalls(const struct thrash_signs *s)
{
    return s->stall_full_permyriad != THRASH_UNKNOWN ||
           s->stall_some_permyriad != THRASH_UNKNOWN ||
           s->wait_permyriad != THRASH_UNKNOWN;
}

/* Who has no swap tells nothing by not swapping. */
static bool
tells_swapping(const struct thrash_signs *s)
{
    return s->swap_in_kib_per_s != THRASH_UNKNOWN && s->swap_total_kib != 0;
}

enum thrash_sign
thrash_read(const struct thrash_signs *s)
{
    if (tells_stalls(s))
        return read_swapping_stalls(s);
    return tells_swapping(s) ? read_swapping(s) : read_available(s);
}

/* How much of its span bad signs prove to be bad. */
static uint64_t
proven_ms(const struct thrash_signs *s, enum thrash_sign sign)
{
    if (sign == THRASH_SIGN_DIRE)
        return s->span_ms;
    if (tells_stalls(s))
        return min_u64(s->span_ms, REPORT_MS);
    if (!tells_swapping(s))
        return BEGIN_MS; /* no rate, but where it is now */
    if (round_kib_per_s(s) >= limit.round_bad_kib_per_s)
        return min_u64(s->span_ms, REPORT_MS);
    return min_u64(s->span_ms, REPORT_MS) / WAKE_SHARE;
}

/* Fills up while it is so, and runs dry while it is not. */
static uint64_t
bucket(uint64_t level_ms, uint64_t in_ms, uint64_t out_ms, uint64_t full_ms)
{
    return min_u64(sat_sub(sat_add(level_ms, in_ms), out_ms), full_ms);
}

static void
take(struct thrash *t, const struct thrash_signs *s, enum thrash_sign sign,
     uint64_t now_ms)
{
    bool is_bad = sign >= THRASH_SIGN_BAD;
    bool is_dire = sign == THRASH_SIGN_DIRE;

    t->heard_ms = now_ms;
    t->bad_ms = bucket(t->bad_ms, is_bad ? proven_ms(s, sign) : 0,
                       is_bad ? 0 : s->span_ms, BEGIN_MS);
    t->dire_ms = bucket(t->dire_ms, is_dire ? s->span_ms : 0,
                        is_dire ? 0 : s->span_ms, EMERGENCY_MS);
    t->calm_ms = sign == THRASH_SIGN_CALM ? sat_add(t->calm_ms, s->span_ms) : 0;
    if (sign >= THRASH_SIGN_WATCH && t->state == THRASH_HEALTHY)
        t->state = THRASH_WATCH;
}

/* How bad it is, for one who thrashes. */
static enum thrash_state
degree(const struct thrash *t, uint64_t now_ms)
{
    if (t->dire_ms >= EMERGENCY_MS ||
        (t->state == THRASH_EMERGENCY && t->dire_ms > 0))
        return THRASH_EMERGENCY;
    return sat_sub(now_ms, t->since_ms) >= SUSTAINED_MS ? THRASH_SUSTAINED
                                                        : THRASH_THRASH;
}

void
thrash_judge(struct thrash *t, const struct thrash_signs *s, uint64_t now_ms)
{
    enum thrash_sign sign = s ? thrash_read(s) : THRASH_SIGN_NONE;

    if (sign != THRASH_SIGN_NONE)
        take(t, s, sign, now_ms);
    if (t->calm_ms >= CLEAR_MS || sat_sub(now_ms, t->heard_ms) > FORGET_MS) {
        *t = (struct thrash){ .heard_ms = t->heard_ms, .calm_ms = t->calm_ms };
        return;
    }
    if (!thrash_is_thrashing(t) && t->bad_ms >= BEGIN_MS) {
        t->state = THRASH_THRASH;
        t->since_ms = now_ms;
    }
    if (thrash_is_thrashing(t))
        t->state = degree(t, now_ms);
}
