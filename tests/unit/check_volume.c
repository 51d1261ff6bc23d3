/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Volumes: the table of states and events, what is kept of them, what
 * rswap-attach is told and what its answers mean. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "swap-answer.h"
#include "swap-child.h"
#include "swap-keep.h"
#include "unit.h"
#include "util/text.h"

#define UUID   "8a1cf00d-1111-4222-8333-444455556666"
#define OTHER  "8a1cf00d-1111-4222-8333-444455556667"
#define DOMAIN "01234567-89ab-cdef-0123-456789abcdef"

/* The whole table: a row per state, events in their order. */
#define N VOLUME_DO_NOTHING
#define L VOLUME_DO_LOOK
#define K VOLUME_DO_ASK
#define A VOLUME_DO_ATTACH
#define S VOLUME_DO_SHED
#define R VOLUME_DO_REPLACE
#define W VOLUME_DO_WITHDRAW
#define D VOLUME_DO_DETACH
#define B VOLUME_DO_RETURN

/* clang-format off */
static const struct volume_step wanted[VOLUME_STATES][VOLUME_EVENTS] = {
    /* done, failed, refused, missing, leg lost, recalled, time, unwanted,
     * forced, guest gone */
    [VOLUME_FOUND] = {
        { VOLUME_ATTACHED, N }, { VOLUME_FOUND, N },
        { VOLUME_FOUND, N }, { VOLUME_ASKING, K },
        { VOLUME_SEEKING, K }, { VOLUME_FOUND, N },
        { VOLUME_FOUND, L }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_ASKING] = {
        { VOLUME_ATTACHING, A }, { VOLUME_RETURNING, B },
        { VOLUME_RETURNING, B }, { VOLUME_RETURNING, B },
        { VOLUME_ASKING, K }, { VOLUME_RETURNING, B },
        { VOLUME_ASKING, K }, { VOLUME_DETACHING, D },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_ATTACHING] = {
        { VOLUME_ATTACHED, N }, { VOLUME_DETACHING, D },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D },
        { VOLUME_SEEKING, K }, { VOLUME_ATTACHING, A },
        { VOLUME_ATTACHING, A }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_ATTACHED] = {
        { VOLUME_ATTACHED, N }, { VOLUME_ATTACHED, N },
        { VOLUME_ATTACHED, N }, { VOLUME_DETACHING, D },
        { VOLUME_SEEKING, K }, { VOLUME_SHEDDING, S },
        { VOLUME_ATTACHED, L }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_SHEDDING] = {
        { VOLUME_SEEKING, K }, { VOLUME_WITHDRAWING, W },
        { VOLUME_WITHDRAWING, W }, { VOLUME_ATTACHED, L },
        { VOLUME_SEEKING, K }, { VOLUME_SHEDDING, S },
        { VOLUME_SHEDDING, S }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_SEEKING] = {
        { VOLUME_REPLACING, R }, { VOLUME_DEGRADED, N },
        { VOLUME_DEGRADED, N }, { VOLUME_DEGRADED, N },
        { VOLUME_DEGRADED, N }, { VOLUME_SEEKING, K },
        { VOLUME_SEEKING, K }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_REPLACING] = {
        { VOLUME_ATTACHED, L }, { VOLUME_DEGRADED, N },
        { VOLUME_DEGRADED, N }, { VOLUME_ATTACHED, L },
        { VOLUME_DEGRADED, N }, { VOLUME_REPLACING, R },
        { VOLUME_REPLACING, R }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_DEGRADED] = {
        { VOLUME_ATTACHED, N }, { VOLUME_DEGRADED, N },
        { VOLUME_DEGRADED, N }, { VOLUME_DETACHING, D },
        { VOLUME_DEGRADED, N }, { VOLUME_SHEDDING, S },
        { VOLUME_SEEKING, K }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_WITHDRAWING] = {
        { VOLUME_DETACHING, D }, { VOLUME_ATTACHED, L },
        { VOLUME_ATTACHED, L }, { VOLUME_DETACHING, D },
        { VOLUME_WITHDRAWING, W }, { VOLUME_WITHDRAWING, W },
        { VOLUME_WITHDRAWING, W }, { VOLUME_WITHDRAWING, W },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_DETACHING] = {
        { VOLUME_RETURNING, B }, { VOLUME_DETACHING, N },
        { VOLUME_ATTACHED, L }, { VOLUME_RETURNING, B },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D },
        { VOLUME_DETACHING, D }, { VOLUME_DETACHING, D } },
    [VOLUME_RETURNING] = {
        { VOLUME_ENDED, N }, { VOLUME_RETURNING, N },
        { VOLUME_RETURNING, N }, { VOLUME_ENDED, N },
        { VOLUME_RETURNING, B }, { VOLUME_RETURNING, B },
        { VOLUME_RETURNING, B }, { VOLUME_RETURNING, B },
        { VOLUME_RETURNING, B }, { VOLUME_RETURNING, B } },
    [VOLUME_ENDED] = {
        { VOLUME_ENDED, N }, { VOLUME_ENDED, N },
        { VOLUME_ENDED, N }, { VOLUME_ENDED, N },
        { VOLUME_ENDED, N }, { VOLUME_ENDED, N },
        { VOLUME_ENDED, N }, { VOLUME_ENDED, N },
        { VOLUME_ENDED, N }, { VOLUME_ENDED, N } },
};
/* clang-format on */

START_TEST(test_every_event_in_every_state_leads_on)
{
    for (int event = 0; event < VOLUME_EVENTS; event++) {
        struct volume_step is =
            volume_step((enum volume_state)_i, (enum volume_event)event);

        ck_assert_msg(is.next == wanted[_i][event].next &&
                          is.deed == wanted[_i][event].deed,
                      "%s, event %d: %s, deed %d",
                      volume_state_name((enum volume_state)_i), event,
                      volume_state_name(is.next), (int)is.deed);
    }
}
END_TEST

/* Whoever waits in a state is called again: nothing is stuck for ever. */
START_TEST(test_no_state_lasts_but_the_end)
{
    bool is_end = _i == VOLUME_ENDED;

    ck_assert_int_eq(volume_patience_ms((enum volume_state)_i) == UINT64_MAX,
                     is_end);
    ck_assert_int_eq(volume_step((enum volume_state)_i, VOLUME_TIME).deed ==
                         VOLUME_DO_NOTHING,
                     is_end);
}
END_TEST

/* A daemon that wants to be rid of a volume is, if its deeds succeed. */
START_TEST(test_unwanted_ends_if_deeds_succeed)
{
    enum volume_state state = (enum volume_state)_i;
    struct volume_step step = volume_step(state, VOLUME_UNWANTED);
    int n = 0;

    for (; step.next != VOLUME_ENDED && n < 4; n++)
        step = volume_step(step.next, VOLUME_DONE);
    ck_assert_int_eq((int)step.next, VOLUME_ENDED);
    step = volume_step(state, VOLUME_GUEST_GONE);
    for (n = 0; step.next != VOLUME_ENDED && n < 3; n++)
        step = volume_step(step.next, VOLUME_DONE);
    ck_assert_int_eq((int)step.next, VOLUME_ENDED);
}
END_TEST

static const struct {
    const char *code;
    enum volume_event event;
} codes[] = {
    { "guest-refuses", VOLUME_REFUSED }, { "no-answer", VOLUME_REFUSED },
    { "in-use", VOLUME_REFUSED },        { "not-attached", VOLUME_MISSING },
    { "no-room", VOLUME_FAILED },        { "system", VOLUME_FAILED },
    { "anything", VOLUME_FAILED },
};

START_TEST(test_failures_are_told_apart)
{
    ck_assert_int_eq((int)volume_failure_event(codes[_i].code),
                     (int)codes[_i].event);
}
END_TEST

static struct swap_volume *
new_volume(struct swap *s, const char *uuid)
{
    struct swap_volume *v = swap_new(s);

    ck_assert_ptr_nonnull(v);
    snprintf(v->uuid, sizeof(v->uuid), "%s", uuid);
    snprintf(v->domain, sizeof(v->domain), "%s", DOMAIN);
    v->domid = 7;
    v->size_kib = 49152;
    v->move_kib_per_s = 1024;
    v->n_legs = 2;
    snprintf(v->legs[0], sizeof(v->legs[0]), "nbd:10.0.0.2:10809:secret");
    snprintf(v->legs[1], sizeof(v->legs[1]), "file:/var/swap");
    snprintf(v->lenders[0], sizeof(v->lenders[0]), "host1");
    snprintf(v->owed[v->n_owed++], sizeof(v->owed[0]), "host1");
    v->state = VOLUME_ATTACHED;
    return v;
}

START_TEST(test_what_is_wanted_is_kept)
{
    struct swap s = { .n = 0 }, back = { .n = 0 };
    char error[SWAP_KEEP_ERROR_SIZE];
    char *text;

    new_volume(&s, UUID)->wish = SWAP_UNWANTED;
    new_volume(&s, OTHER)->state = VOLUME_ENDED;
    text = swap_keep_format(&s);
    ck_assert_int_eq(swap_keep_parse(text, strlen(text), &back, error), 0);
    ck_assert_uint_eq(back.n, 1);
    ck_assert_str_eq(back.list[0]->uuid, UUID);
    ck_assert_str_eq(back.list[0]->domain, DOMAIN);
    ck_assert_uint_eq(back.list[0]->domid, 7);
    ck_assert_uint_eq(back.list[0]->size_kib, 49152);
    ck_assert_uint_eq(back.list[0]->move_kib_per_s, 1024);
    ck_assert_uint_eq(back.list[0]->n_legs, 2);
    ck_assert_str_eq(back.list[0]->legs[0], "nbd:10.0.0.2:10809:secret");
    ck_assert_str_eq(back.list[0]->lenders[0], "host1");
    ck_assert_str_eq(back.list[0]->lenders[1], "");
    ck_assert_uint_eq(back.list[0]->n_owed, 1);
    ck_assert_str_eq(back.list[0]->owed[0], "host1");
    ck_assert_int_eq((int)back.list[0]->wish, SWAP_UNWANTED);
    ck_assert_int_eq((int)back.list[0]->state, VOLUME_FOUND);
    free(text);
    swap_done(&s);
    swap_done(&back);
}
END_TEST

#define VOLUME(uuid, legs)                                                 \
 "{\"volume\":\"" uuid "\",\"vm_uuid\":\"" DOMAIN                          \
 "\",\"domid\":7,\"size_kib\":49152,\"wanted\":\"wanted\",\"legs\":[" legs \
 "],\"owed\":[]}"
#define LEGS       "{\"leg\":\"nbd:h:1:x\"},{\"leg\":\"file:/s\"}"
#define KEPT(list) "{\"version\":1,\"volumes\":[" list "]}"

static const struct {
    const char *text;
    int r;
    size_t n;
} kept[] = {
    { KEPT(VOLUME(UUID, LEGS)), 0, 1 },
    { KEPT(VOLUME(UUID, LEGS) "," VOLUME(OTHER, LEGS)), 0, 2 },
    { KEPT(VOLUME(UUID, "{\"leg\":\"\"},{\"leg\":\"file:/s\"}")), 0, 1 },
    { KEPT(""), 0, 0 },
    { "{\"version\":2,\"volumes\":[]}", -ENOTSUP, 0 },
    { "{\"version\":1}", -EINVAL, 0 },
    { KEPT(VOLUME(UUID, LEGS)) "x", -EINVAL, 0 },
    { KEPT(VOLUME(UUID, "{\"leg\":\"nbd:h:1:x\"}")), -EINVAL, 0 },
    { KEPT(VOLUME(UUID, "{\"leg\":\"nbd:h:1:x\"},1")), -EINVAL, 0 },
    { KEPT(VOLUME("x", LEGS)), -EINVAL, 0 },
    { KEPT(VOLUME(UUID, LEGS) "," VOLUME(UUID, LEGS)), -EINVAL, 1 },
    { KEPT("[]"), -EINVAL, 0 },
    { "", -EINVAL, 0 },
};

START_TEST(test_what_is_kept_is_checked)
{
    char error[SWAP_KEEP_ERROR_SIZE];
    struct swap s = { .n = 0 };

    ck_assert_int_eq(swap_keep_parse(kept[_i].text, strlen(kept[_i].text), &s,
                                     error),
                     kept[_i].r);
    ck_assert_uint_eq(s.n, kept[_i].n);
    /* What an older daemon kept says nothing of it. */
    for (size_t i = 0; i < s.n; i++)
        ck_assert_uint_eq(s.list[i]->move_kib_per_s, 0);
    swap_done(&s);
}
END_TEST

#define STATUS(legs, missing)                                               \
 "{\"volume\":\"" UUID "\",\"state\":\"attached\",\"domid\":7,\"vdev\":"    \
 "\"xvdp\",\"device\":\"/dev/md127\",\"device_kib\":522240,\"legs\":[" legs \
 "],\"missing_legs\":" missing ",\"sync_permyriad\":10000,"                 \
 "\"guest_state\":\"on\",\"guest_used_kib\":10240}"
#define LEG(name, state) \
 "{\"leg\":\"" name "\",\"device\":\"/dev/x\",\"state\":\"" state "\"}"

static const struct {
    const char *text;
    bool is_damaged;
    size_t lost;
} statuses[] = {
    { STATUS(LEG("nbd:10.0.0.2:10809", "in-sync") "," LEG("file:/var/swap",
                                                          "syncing"),
             "0"),
      false, 2 },
    { STATUS(LEG("nbd:10.0.0.2:10809", "failed") "," LEG("file:/var/swap",
                                                         "in-sync"),
             "1"),
      true, 0 },
    { STATUS(LEG("nbd:10.0.0.2:10809", "in-sync"), "1"), true, 1 },
    { STATUS("", "2"), true, 0 },
};

START_TEST(test_a_lost_leg_is_found)
{
    struct swap s = { .n = 0 };
    struct swap_volume *v = new_volume(&s, UUID);
    struct swap_answer a;

    swap_answer_parse(statuses[_i].text, strlen(statuses[_i].text), &a);
    ck_assert_str_eq(a.code, "");
    ck_assert(a.facts.is_attached);
    ck_assert_str_eq(a.facts.vdev, "xvdp");
    ck_assert_str_eq(a.facts.device, "/dev/md127");
    ck_assert_uint_eq(a.facts.used_kib, 10240);
    ck_assert_int_eq(a.facts.is_damaged, statuses[_i].is_damaged);
    v->facts = a.facts;
    ck_assert_uint_eq(swap_lost_leg(v), statuses[_i].lost);
    swap_done(&s);
}
END_TEST

static const struct {
    const char *text;
    const char *code;
    uint64_t needed_kib;
} failures[] = {
    { "{\"error\":\"no-room\",\"message\":\"it\",\"needed_kib\":7,"
      "\"available_kib\":6}",
      "no-room", 7 },
    { "{\"error\":\"busy\",\"message\":\"it\"}", "busy", UINT64_MAX },
    { "", "system", UINT64_MAX },
    { "mdadm: no", "system", UINT64_MAX },
    { "{\"state\":\"attached\"", "system", UINT64_MAX },
};

START_TEST(test_failures_have_words_and_numbers)
{
    struct swap_answer a;

    swap_answer_parse(failures[_i].text, strlen(failures[_i].text), &a);
    ck_assert_str_eq(a.code, failures[_i].code);
    ck_assert_str_ne(a.error, "");
    ck_assert_uint_eq(a.needed_kib, failures[_i].needed_kib);
}
END_TEST

static const struct {
    enum volume_deed deed;
    enum swap_wish wish;
    const char *line;
} orders[] = {
    { L, SWAP_WANTED, "p status volume=" UUID },
    { A, SWAP_WANTED,
      "p attach volume=" UUID " domid=7 size=49152KiB "
      "leg=nbd:10.0.0.2:10809:secret leg=file:/var/swap move=1024KiB" },
    { R, SWAP_WANTED,
      "p add-leg volume=" UUID " leg=nbd:10.0.0.2:10809:secret" },
    { S, SWAP_WANTED,
      "p remove-leg volume=" UUID " leg=nbd:10.0.0.2:10809:secret" },
    { W, SWAP_UNWANTED, "p withdraw volume=" UUID },
    { D, SWAP_UNWANTED, "p detach volume=" UUID " leg=file:/var/swap" },
    { D, SWAP_FORCED, "p detach volume=" UUID " leg=file:/var/swap force=yes" },
};

START_TEST(test_rswap_attach_is_told_what_to_do)
{
    struct swap s = { .n = 0 };
    struct swap_volume *v = new_volume(&s, UUID);
    struct swap_child_args *args = malloc(sizeof(*args));
    char line[1024] = "";

    ck_assert_ptr_nonnull(args);
    v->deed = orders[_i].deed;
    v->wish = orders[_i].wish;
    swap_child_args(args, "p", v);
    for (size_t i = 0; i < args->n; i++)
        text_append(line, sizeof(line), "%s%s", i > 0 ? " " : "",
                    args->argv[i]);
    ck_assert_str_eq(line, orders[_i].line);
    ck_assert_ptr_null(args->argv[args->n]);
    free(args);
    swap_done(&s);
}
END_TEST

START_TEST(test_the_oldest_memory_makes_room)
{
    struct swap s = { .n = 0 };

    for (int i = 0; i < SWAP_VOLUMES_MAX; i++)
        new_volume(&s, i == 3 ? OTHER : UUID);
    ck_assert_ptr_null(swap_new(&s));
    swap_find(&s, OTHER)->state = VOLUME_ENDED;
    ck_assert_ptr_nonnull(swap_new(&s));
    ck_assert_ptr_null(swap_find(&s, OTHER));
    swap_done(&s);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, test_every_event_in_every_state_leads_on, 0,
                        VOLUME_STATES);
    tcase_add_loop_test(tests, test_no_state_lasts_but_the_end, 0,
                        VOLUME_STATES);
    tcase_add_loop_test(tests, test_unwanted_ends_if_deeds_succeed, 0,
                        VOLUME_STATES);
    UNIT_ADD_ROWS(tests, test_failures_are_told_apart, codes);
    tcase_add_test(tests, test_what_is_wanted_is_kept);
    UNIT_ADD_ROWS(tests, test_what_is_kept_is_checked, kept);
    UNIT_ADD_ROWS(tests, test_a_lost_leg_is_found, statuses);
    UNIT_ADD_ROWS(tests, test_failures_have_words_and_numbers, failures);
    UNIT_ADD_ROWS(tests, test_rswap_attach_is_told_what_to_do, orders);
    tcase_add_test(tests, test_the_oldest_memory_makes_room);
}

int
main(void)
{
    return unit_run("volume", add_tests);
}
