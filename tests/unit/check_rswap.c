/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rswap-attach: its arguments, legs that may stand together, and the order in
 * which a volume is made and taken down from wherever it is. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rswap-args.h"
#include "rswap-steps.h"
#include "rswap-volume.h"
#include "unit.h"

#define UUID  "8a1cf00d-1111-4222-8333-444455556666"
#define WORDS 10

static const struct {
    const char *text;
    int r;
    const char *name;
} legs[] = {
    { "nbd:10.0.0.2:10809:token", 0, "nbd:10.0.0.2:10809" },
    { "nbd:host-1.example:1:a:b", 0, "nbd:host-1.example:1" },
    { "nbd:[fe80::1%eth0]:10809:x", 0, "nbd:[fe80::1%eth0]:10809" },
    { "nbd:10.0.0.2:10809", 0, "nbd:10.0.0.2:10809" },
    { "file:/var/swap", 0, "file:/var/swap" },
    { "file:/var/swap//", 0, "file:/var/swap" },
    { "file:/", 0, "file:/" },
    { "nbd:10.0.0.2:10809:", -EINVAL, NULL },
    { "nbd::10809:x", -EINVAL, NULL },
    { "nbd:-x:10809:x", -EINVAL, NULL },
    { "nbd:a b:10809:x", -EINVAL, NULL },
    { "nbd:10.0.0.2:0:x", -EINVAL, NULL },
    { "nbd:10.0.0.2:65536:x", -EINVAL, NULL },
    { "nbd:10.0.0.2:port:x", -EINVAL, NULL },
    { "nbd:[fe80::1:10809:x", -EINVAL, NULL },
    { "nbd:10.0.0.2:10809:\033[31m", -EINVAL, NULL },
    { "file:", -EINVAL, NULL },
    { "file:var/swap", -EINVAL, NULL },
    { "file:/var/\nswap", -EINVAL, NULL },
    { "disk:/dev/sda", -EINVAL, NULL },
    { "", -EINVAL, NULL },
};

START_TEST(test_leg_is_named)
{
    char name[RSWAP_LEG_NAME_SIZE];
    struct rswap_leg leg;

    ck_assert_int_eq(rswap_leg_parse(legs[_i].text, &leg), legs[_i].r);
    if (legs[_i].r == 0)
        ck_assert_str_eq(rswap_leg_name(&leg, name), legs[_i].name);
}
END_TEST

static const struct {
    const char *legs[RSWAP_LEGS_MAX + 1];
    bool is_good;
} sets[] = {
    { { "nbd:a:1:x", "file:/s" }, true },
    { { "nbd:a:1:x", "nbd:b:1:x" }, true },
    { { "nbd:a:1:x", "nbd:b:1:x", "nbd:c:1:x", "file:/s" }, true },
    { { "nbd:a:1:x" }, false },
    { { "file:/s" }, false },
    { { "file:/s", "file:/t" }, false },
    { { "nbd:a:1:x", "nbd:a:2:y" }, false },
    { { "nbd:a:1:x", "nbd:A:2:y", "file:/s" }, false },
};

START_TEST(test_legs_do_not_fail_together)
{
    struct rswap_leg parsed[RSWAP_LEGS_MAX];
    size_t n = 0;

    for (; sets[_i].legs[n]; n++)
        ck_assert_int_eq(rswap_leg_parse(sets[_i].legs[n], &parsed[n]), 0);
    ck_assert_int_eq(rswap_legs_fault(parsed, n) == NULL, sets[_i].is_good);
}
END_TEST

#define NBD   "leg=nbd:a:1:x"
#define LOCAL "leg=file:/s"

static const struct {
    const char *words[WORDS];
    const char *error; /* NULL: none */
} lines[] = {
    { { "attach", "volume=" UUID, "domid=7", "size=16MiB", NBD, LOCAL }, NULL },
    { { "detach", "volume=" UUID }, NULL },
    { { "detach", "volume=" UUID, LOCAL, "force=yes" }, NULL },
    { { "withdraw", "volume=" UUID, "wait=5s" }, NULL },
    { { "add-leg", "volume=" UUID, NBD, "sync-speed=1MiB" }, NULL },
    { { "remove-leg", "volume=" UUID, LOCAL }, NULL },
    { { "list" }, NULL },
    { { NULL }, "a command is missing" },
    { { "unplug" }, "there is no command 'unplug'" },
    { { "status" }, "status needs volume=" },
    { { "status", "volume=7" }, "volume is a uuid, not '7'" },
    { { "status", "volume=" UUID, "volume=" UUID }, "volume is there twice" },
    { { "status", "volume=" UUID, LOCAL },
      "status does not take 'leg=file:/s'" },
    { { "status", "volume=" UUID, "verbose" },
      "status does not take 'verbose'" },
    { { "attach", "volume=" UUID, "domid=0", "size=16MiB", NBD, LOCAL },
      "domid is the number of a guest, not '0'" },
    { { "attach", "volume=" UUID, "domid=7", "size=15MiB", NBD, LOCAL },
      "size is a size of 16 MiB at least, not '15MiB'" },
    { { "attach", "volume=" UUID, "domid=7", "size=16MiB", NBD, LOCAL,
        "vdev=../sda" },
      "vdev is a device's name in the guest, not '../sda'" },
    { { "attach", "volume=" UUID, "domid=7", "size=16MiB", NBD, LOCAL,
        "priority=32768" },
      "priority is a number up to 32767, not '32768'" },
    { { "attach", "volume=" UUID, "domid=7", "size=16MiB" },
      "attach needs leg=" },
    { { "attach", "volume=" UUID, "domid=7", "size=16MiB", NBD },
      "a volume needs two legs at least: with its only copy the guest would "
      "die" },
    { { "add-leg", "volume=" UUID, NBD, LOCAL }, "add-leg takes one leg" },
    { { "add-leg", "volume=" UUID, NBD, "sync-speed=0" },
      "sync-speed is a size (for each second), not '0'" },
    { { "status", "volume=\033" }, "volume is a uuid, not '\\x1b'" },
};

START_TEST(test_args_are_told_apart)
{
    char error[PARSE_ERROR_SIZE] = "", text[WORDS][80];
    char *argv[WORDS + 1] = { text[0] };
    struct rswap_args args;
    int n = 1;

    for (; lines[_i].words[n - 1]; n++) {
        snprintf(text[n], sizeof(text[n]), "%s", lines[_i].words[n - 1]);
        argv[n] = text[n];
    }
    ck_assert_int_eq(rswap_args_parse(&args, n, argv, error),
                     lines[_i].error ? -EINVAL : 0);
    ck_assert_str_eq(error, lines[_i].error ? lines[_i].error : "");
    if (lines[_i].error)
        ck_assert_int_eq(args.is_single_remote,
                         strstr(lines[_i].error, "two legs") != NULL);
    else
        ck_assert_str_eq(rswap_command_text(args.command), lines[_i].words[0]);
}
END_TEST

#define A RSWAP_ABSENT
#define H RSWAP_HALF
#define T RSWAP_THERE

/* file, nbd, stack, label, vbd, offer; what is next on the way up and down */
static const struct {
    enum rswap_there there[RSWAP_STEPS];
    enum rswap_step up;
    bool is_undo;
    enum rswap_step down;
} steps[] = {
    { { A, A, A, A, A, A }, RSWAP_FILE, false, RSWAP_STEPS },
    { { T, A, A, A, A, A }, RSWAP_NBD, false, RSWAP_FILE },
    { { T, H, A, A, A, A }, RSWAP_NBD, false, RSWAP_NBD },
    { { A, T, A, A, A, A }, RSWAP_FILE, false, RSWAP_NBD },
    { { A, H, A, A, A, A }, RSWAP_NBD, false, RSWAP_NBD },
    { { T, T, A, A, A, A }, RSWAP_STACK, false, RSWAP_NBD },
    { { T, T, H, A, A, A }, RSWAP_STACK, true, RSWAP_STACK },
    { { T, T, T, A, A, A }, RSWAP_LABEL, false, RSWAP_STACK },
    { { T, T, T, T, A, A }, RSWAP_VBD, false, RSWAP_STACK },
    { { T, T, T, T, H, A }, RSWAP_VBD, true, RSWAP_VBD },
    { { T, T, T, T, T, A }, RSWAP_OFFER, false, RSWAP_VBD },
    { { T, T, T, T, T, T }, RSWAP_STEPS, false, RSWAP_OFFER },
    /* a lender has died: that is no matter of attaching */
    { { T, A, T, T, T, T }, RSWAP_STEPS, false, RSWAP_OFFER },
    { { T, H, T, T, A, A }, RSWAP_VBD, false, RSWAP_STACK },
    /* the guest has written over the label */
    { { T, T, T, A, T, A }, RSWAP_OFFER, false, RSWAP_VBD },
    /* the guest's device was taken away by hand */
    { { T, T, T, T, A, T }, RSWAP_OFFER, true, RSWAP_OFFER },
    { { A, A, A, A, A, T }, RSWAP_OFFER, true, RSWAP_OFFER },
};

START_TEST(test_next_step_follows_from_what_is_there)
{
    struct rswap_there_is there;
    struct rswap_deed up, down;

    for (int i = 0; i < RSWAP_STEPS; i++) {
        there.step[i] = steps[_i].there[i];
        there.is_wanted[i] = true;
    }
    up = rswap_next_up(&there);
    down = rswap_next_down(&there);
    ck_assert_int_eq(up.step, steps[_i].up);
    ck_assert_int_eq(up.is_undo, steps[_i].is_undo);
    ck_assert_int_eq(down.step, steps[_i].down);
    if (down.step != RSWAP_STEPS)
        ck_assert(down.is_undo);
}
END_TEST

/* Whatever there is of it, and however often a run is killed: doing what is
 * next leads to the whole volume, or to nothing; nothing is made under what
 * the guest has. */
static void
walk(struct rswap_there_is *there,
     struct rswap_deed (*next)(const struct rswap_there_is *t))
{
    struct rswap_deed deed = next(there);

    for (int n = 0; deed.step != RSWAP_STEPS; n++) {
        ck_assert_int_lt(n, 2 * RSWAP_STEPS);
        if (!deed.is_undo && deed.step < RSWAP_VBD)
            ck_assert_int_ne(there->step[RSWAP_VBD], RSWAP_THERE);
        there->step[deed.step] = deed.is_undo ? RSWAP_ABSENT : RSWAP_THERE;
        if (deed.is_undo && deed.step == RSWAP_STACK)
            there->step[RSWAP_LABEL] = RSWAP_ABSENT;
        deed = next(there);
    }
}

/* i as a number to the base of 3; label and devices above are only there with
 * the stack, as they are found by way of it. */
static bool
make_state(int i, struct rswap_there_is *ret)
{
    bool has_stack;

    for (int step = 0; step < RSWAP_STEPS; step++) {
        ret->step[step] = (enum rswap_there)(i % 3);
        ret->is_wanted[step] = true;
        i /= 3;
    }
    has_stack = ret->step[RSWAP_STACK] == RSWAP_THERE;
    return has_stack || (ret->step[RSWAP_LABEL] == RSWAP_ABSENT &&
                         ret->step[RSWAP_VBD] == RSWAP_ABSENT);
}

START_TEST(test_every_state_leads_up_and_down)
{
    struct rswap_there_is there, again;

    if (!make_state(_i, &there))
        return;
    again = there;
    walk(&there, rswap_next_up);
    for (int i = RSWAP_STACK; i < RSWAP_STEPS; i++)
        if (i != RSWAP_LABEL)
            ck_assert_int_eq(there.step[i], RSWAP_THERE);
    walk(&again, rswap_next_down);
    for (int i = 0; i < RSWAP_STEPS; i++)
        ck_assert_int_eq(again.step[i], RSWAP_ABSENT);
}
END_TEST

START_TEST(test_what_the_guest_had_is_not_undone)
{
    struct rswap_there_is there = { .step = { T, T, T, T, H, A } };

    ck_assert(rswap_may_undo(&there));
    there.step[RSWAP_VBD] = T;
    ck_assert(!rswap_may_undo(&there));
}
END_TEST

START_TEST(test_volume_shows_its_steps)
{
    struct rswap_volume v = { .n_legs = 1 };
    struct rswap_leg wanted[2];
    struct rswap_there_is there;

    ck_assert_int_eq(rswap_leg_parse("nbd:a:1:x", &wanted[0]), 0);
    ck_assert_int_eq(rswap_leg_parse("nbd:b:1:x", &wanted[1]), 0);
    v.legs[0].kind = RSWAP_LEG_NBD;
    strcpy(v.legs[0].name, "nbd:b:1");
    rswap_volume_steps(&v, wanted, 2, &there);
    ck_assert_int_eq(there.step[RSWAP_NBD], RSWAP_HALF);
    ck_assert(!there.is_wanted[RSWAP_FILE]);
    rswap_volume_steps(&v, NULL, 0, &there);
    ck_assert_int_eq(there.step[RSWAP_NBD], RSWAP_THERE);
    strcpy(v.md, "md127");
    v.vbd.domid = 7;
    rswap_volume_steps(&v, wanted, 2, &there);
    ck_assert_int_eq(there.step[RSWAP_STACK], RSWAP_HALF);
    ck_assert_int_eq(there.step[RSWAP_VBD], RSWAP_HALF);
    v.vbd.is_connected = true;
    rswap_volume_steps(&v, wanted, 2, &there);
    ck_assert_int_eq(there.step[RSWAP_VBD], RSWAP_HALF);
    v.vbd.is_secluded = true;
    rswap_volume_steps(&v, wanted, 2, &there);
    ck_assert_int_eq(there.step[RSWAP_VBD], RSWAP_THERE);
    v.legs[0].state = RSWAP_LEG_IN_SYNC;
    ck_assert(!rswap_volume_has_other(&v, &v.legs[0]));
    ck_assert(rswap_volume_has_other(&v, NULL));
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_leg_is_named, legs);
    UNIT_ADD_ROWS(tests, test_legs_do_not_fail_together, sets);
    UNIT_ADD_ROWS(tests, test_args_are_told_apart, lines);
    UNIT_ADD_ROWS(tests, test_next_step_follows_from_what_is_there, steps);
    tcase_add_loop_test(tests, test_every_state_leads_up_and_down, 0, 729);
    tcase_add_test(tests, test_what_the_guest_had_is_not_undone);
    tcase_add_test(tests, test_volume_shows_its_steps);
}

int
main(void)
{
    return unit_run("rswap", add);
}
