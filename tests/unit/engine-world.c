/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Literal snapshots for engines. */
#include <config.h>

#include <check.h>
#include <string.h>

#include "engine-world.h"
#include "policy-builtin.h"
#include "util/units.h"

struct engine_world engine_world;

static struct engine_world *const w = &engine_world;

static const char *const uuids[ENGINE_GUESTS] = { "a", "b", "c", "d",
                                                  "e", "f", "g", "h" };

void
engine_open(const char *name)
{
    *w = (struct engine_world){
        .s = { ._struct_size = sizeof(w->s),
               .now_ms = 1000000,
               .guests = w->pointers },
    };
    for (size_t i = 0; policy_builtins[i]; i++) {
        if (strcmp(policy_builtins[i]()->name, name) == 0)
            w->engine = policy_builtins[i]();
    }
    ck_assert_ptr_nonnull(w->engine);
    for (size_t i = 0; i < ENGINE_GUESTS; i++)
        w->pointers[i] = &w->guests[i];
    w->ctx = w->engine->create();
    ck_assert_ptr_nonnull(w->ctx);
}

void
engine_close(void)
{
    w->engine->destroy(w->ctx);
    w->ctx = NULL;
}

void
engine_option(const char *key, const char *value)
{
    char error[128] = "";

    ck_assert_msg(w->engine->config(w->ctx, key, value, error, sizeof(error)) ==
                      0,
                  "%s = %s: %s", key, value, error);
}

static struct xbp_guest *
add_guest(uint64_t min_kib, uint64_t target_kib, uint64_t max_kib)
{
    uint64_t i = w->s.n_guests++;

    ck_assert_uint_lt(i, ENGINE_GUESTS);
    w->guests[i] = (struct xbp_guest){
        ._struct_size = sizeof(struct xbp_guest),
        .uuid = uuids[i],
        .name = uuids[i],
        .domid = (uint32_t)i,
        .dynamic_min_kib = min_kib,
        .dynamic_max_kib = max_kib,
        .lower_kib = min_kib,
        .upper_kib = max_kib,
        .target_kib = target_kib,
        .actual_kib = target_kib,
        .available_kib = XBP_UNKNOWN,
        .weight = 256,
        .sample_age_ms = XBP_UNKNOWN,
        .cache_kib = XBP_UNKNOWN,
        .swap_used_kib = XBP_UNKNOWN,
        .swap_in_kib_per_s = XBP_UNKNOWN,
        .swap_out_kib_per_s = XBP_UNKNOWN,
        .refault_anon_kib_per_s = XBP_UNKNOWN,
        .refault_file_kib_per_s = XBP_UNKNOWN,
        .stall_some_permyriad = XBP_UNKNOWN,
        .stall_full_permyriad = XBP_UNKNOWN,
        .used_kib = XBP_UNKNOWN,
        .anon_kib = XBP_UNKNOWN,
        .swap_total_kib = XBP_UNKNOWN,
        .seen_in_kib_per_s = XBP_UNKNOWN,
        .seen_out_kib_per_s = XBP_UNKNOWN,
        .seen_wait_permyriad = XBP_UNKNOWN,
    };
    return &w->guests[i];
}

struct xbp_guest *
engine_guest(uint64_t min_kib, uint64_t target_kib, uint64_t max_kib)
{
    w->s.budget_kib += target_kib;
    return add_guest(min_kib, target_kib, max_kib);
}

struct xbp_guest *
engine_reservation(uint64_t min_kib, uint64_t max_kib)
{
    struct xbp_guest *g = add_guest(min_kib, min_kib, max_kib);

    g->uuid = "";
    g->domid = 0;
    g->flags = XBP_GUEST_RESERVATION;
    g->actual_kib = 0;
    return g;
}

void
engine_says(struct xbp_guest *g, uint64_t used_kib, uint64_t cache_kib,
            uint64_t swapped_kib)
{
    g->sample_age_ms = 0;
    g->used_kib = used_kib;
    g->cache_kib = cache_kib;
    g->swap_used_kib = swapped_kib;
    g->swap_total_kib = 4096 * GUEST_MIB;
    g->swap_in_kib_per_s = 0;
}

void
engine_room(int64_t room_kib)
{
    uint64_t sum_kib = 0;

    for (uint64_t i = 0; i < w->s.n_guests; i++) {
        if (!(w->guests[i].flags & XBP_GUEST_RESERVATION))
            sum_kib += w->guests[i].target_kib;
    }
    w->s.budget_kib = sat_add_delta(sum_kib, room_kib);
}

void
engine_plan(uint64_t pass_ms)
{
    uint64_t sum_kib = 0, lowest_kib = 0;

    w->s.now_ms += pass_ms;
    for (uint64_t i = 0; i < w->s.n_guests; i++)
        w->wishes[i] = w->guests[i].target_kib;
    ck_assert_int_eq(w->engine->plan(w->ctx, &w->s, w->wishes), 0);
    for (uint64_t i = 0; i < w->s.n_guests; i++) {
        ck_assert_uint_ge(w->wishes[i], w->guests[i].lower_kib);
        ck_assert_uint_le(w->wishes[i], w->guests[i].upper_kib);
        sum_kib += w->wishes[i];
        lowest_kib += w->guests[i].lower_kib;
    }
    ck_assert_uint_le(sum_kib, max_u64(w->s.budget_kib, lowest_kib));
}

void
engine_follow(void)
{
    for (uint64_t i = 0; i < w->s.n_guests; i++) {
        w->guests[i].target_kib = w->wishes[i];
        w->guests[i].actual_kib = w->wishes[i];
    }
}

const char *
engine_explanation(uint64_t i)
{
    static char text[256];

    text[0] = '\0';
    w->engine->explain(w->ctx, i, text, sizeof(text));
    return text;
}
