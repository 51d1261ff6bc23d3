/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guests' memory, work, agents and toll, as the simulator has them. */
#include <config.h>

#include <string.h>

#include "sim-agent.h"
#include "sim-memory.h"
#include "sim-toll.h"
#include "sim-work.h"
#include "unit.h"
#include "util/units.h"

#define MIB    ((uint64_t)KIB_PER_MIB)
#define STEP   100
#define MINUTE 600 /* steps */

static struct sim_memory
guest(const char *swap, uint64_t swap_mib)
{
    return (struct sim_memory){
        .base_kib = 100 * MIB,
        .swap_kib = swap_mib * MIB,
        .swap = swap ? sim_device_find(swap) : NULL,
        .disk = sim_device_find("ssd"),
        .running_ppm = SIM_WHOLE_PPM,
    };
}

static struct sim_demand
demand(uint64_t anon_mib, uint64_t hot_mib, uint64_t file_mib)
{
    return (struct sim_demand){
        .anon_kib = anon_mib * MIB,
        .hot_kib = hot_mib * MIB,
        .file_kib = file_mib * MIB,
        .touch_kib_per_s = 64 * MIB,
        .read_kib_per_s = 16 * MIB,
        .growth_kib_per_s = 100 * MIB,
        .tasks = 1,
        .curve = SIM_CURVE_UNIFORM,
    };
}

static void
run(struct sim_memory *m, const struct sim_demand *d, uint64_t held_mib,
    unsigned steps)
{
    for (unsigned i = 0; i < steps; i++)
        sim_memory_step(m, d, held_mib * MIB, STEP);
}

START_TEST(test_misses_never_rise_with_what_is_resident)
{
    enum sim_curve curve = (enum sim_curve)_i;
    uint64_t last_ppm = SIM_WHOLE_PPM;

    for (uint64_t kib = 0; kib <= 1000; kib++) {
        uint64_t ppm = sim_curve_miss_ppm(curve, kib, 1000);

        ck_assert_uint_le(ppm, last_ppm);
        last_ppm = ppm;
    }
    ck_assert_uint_eq(last_ppm, 0);
    ck_assert_uint_eq(sim_curve_miss_ppm(curve, 0, 1000), SIM_WHOLE_PPM);
    ck_assert_uint_eq(sim_curve_miss_ppm(curve, 0, 0), 0);
}
END_TEST

static const struct {
    const char *swap;
    uint64_t held_mib, anon_mib, hot_mib, file_mib;
    bool stalls, swaps;
} fit_rows[] = {
    { "ssd", 2048, 1024, 512, 256, false, false }, /* all fits */
    { "ssd", 900, 1024, 512, 256, false, true },   /* but for what is cold */
    { "ssd", 500, 1024, 512, 256, true, true },
    { "disk", 500, 1024, 512, 256, true, true },
    { "remote", 500, 1024, 512, 256, true, true },
    { NULL, 900, 512, 512, 512, true, false }, /* files alone */
};

/* What is not needed is swapped for nothing; what is needed, costs. */
START_TEST(test_shortage_costs)
{
    struct sim_memory m = guest(fit_rows[_i].swap, 2048);
    struct sim_demand d = demand(fit_rows[_i].anon_mib, fit_rows[_i].hot_mib,
                                 fit_rows[_i].file_mib);
    uint64_t lost_us;

    if (!fit_rows[_i].swap)
        m.swap_kib = 0;
    run(&m, &d, fit_rows[_i].held_mib, MINUTE);
    lost_us = m.lost_us;
    run(&m, &d, fit_rows[_i].held_mib, MINUTE);
    /* The last of the files comes in slowly: up to 1 % is nothing. */
    ck_assert_int_eq(m.lost_us - lost_us > MINUTE * STEP * 10,
                     fit_rows[_i].stalls);
    ck_assert_int_eq(m.swap_out_kib > 0, fit_rows[_i].swaps);
    ck_assert_uint_eq(m.kills, 0);
}
END_TEST

/* Whatever happens, all that is wanted is somewhere and fits. */
START_TEST(test_no_page_is_lost)
{
    static const uint64_t held_mib[] = { 2048, 600, 400, 1200, 500, 3000 };
    struct sim_memory m = guest("ssd", 4096);
    struct sim_demand d = demand(1024, 700, 256);

    sim_memory_settle(&m, &d, held_mib[0] * MIB);
    for (unsigned i = 0; i < 6; i++) {
        const struct sim_wish wish = { held_mib[i] * MIB, 0, STEP };

        run(&m, &d, held_mib[i], MINUTE);
        ck_assert_uint_eq(m.hot_kib + m.cold_kib + sim_memory_swapped_kib(&m),
                          1024 * MIB);
        ck_assert_uint_eq(m.hot_kib + m.hot_out_kib, 700 * MIB);
        ck_assert_uint_le(sim_memory_swapped_kib(&m), m.swap_kib);
        ck_assert_uint_eq(sim_memory_give(&m, &d, &wish), 0);
        /* The balloon takes what the next step has no more. */
        for (uint64_t held = held_mib[i] * MIB;
             i < 5 && held > held_mib[i + 1] * MIB;) {
            const struct sim_wish more = { held, held - held_mib[i + 1] * MIB,
                                           STEP };
            uint64_t got_kib = sim_memory_give(&m, &d, &more);

            ck_assert_uint_gt(got_kib, 0);
            held -= got_kib;
            ck_assert_uint_le(sim_memory_used_kib(&m) + m.base_kib, held);
        }
    }
}
END_TEST

START_TEST(test_nothing_comes_in_that_was_not_missed)
{
    struct sim_memory m = guest("ssd", 4096);
    struct sim_demand d = demand(1024, 512, 256);

    run(&m, &d, 2048, MINUTE);
    ck_assert_uint_eq(m.swap_in_kib, 0);
    ck_assert_uint_eq(m.refault_anon_kib, 0);
    run(&m, &d, 900, MINUTE);
    ck_assert_uint_eq(m.swap_in_kib, 0); /* only cold pages went */
    run(&m, &d, 500, MINUTE);
    ck_assert_uint_gt(m.swap_in_kib, 0);
    ck_assert_uint_eq(m.swap_in_kib, m.refault_anon_kib);
}
END_TEST

/* In and out share the device. */
START_TEST(test_traffic_keeps_to_the_device)
{
    struct sim_memory m = guest("remote", 4096);
    struct sim_demand d = demand(3000, 3000, 0);
    uint64_t before_kib, most_kib;

    d.touch_kib_per_s = 4096 * MIB;
    d.tasks = 64;
    run(&m, &d, 1000, MINUTE);
    before_kib = m.swap_in_kib + m.swap_out_kib;
    run(&m, &d, 1000, MINUTE);
    most_kib = m.swap->kib_per_s * 60;
    ck_assert_uint_le(m.swap_in_kib + m.swap_out_kib - before_kib, most_kib);
    ck_assert_uint_ge(m.swap_in_kib + m.swap_out_kib - before_kib,
                      most_kib * 9 / 10);
}
END_TEST

/* However fast the device is: the driver sleeps. */
START_TEST(test_a_balloon_waits_for_swap)
{
    struct sim_memory m = guest("remote", 4096);
    struct sim_demand d = demand(1900, 1900, 0);
    struct sim_wish wish = { 2000 * MIB, 500 * MIB, 1000 };

    sim_memory_settle(&m, &d, 2000 * MIB);
    ck_assert_uint_eq(sim_memory_give(&m, &d, &wish), 16 * MIB);
    m = guest(NULL, 0);
    sim_memory_settle(&m, &d, 2000 * MIB);
    ck_assert_uint_eq(sim_memory_give(&m, &d, &wish), 0);
    m.cache_kib = 64 * MIB;
    m.hot_kib -= 64 * MIB;
    ck_assert_uint_eq(sim_memory_give(&m, &d, &wish), 64 * MIB);
}
END_TEST

START_TEST(test_who_finds_nothing_is_killed)
{
    struct sim_memory m = guest("ssd", 256);
    struct sim_demand d = demand(2000, 2000, 0);

    run(&m, &d, 1000, 10);
    ck_assert_uint_eq(m.kills, 0);
    run(&m, &d, 1000, MINUTE);
    ck_assert_uint_ge(m.kills, 1);
    ck_assert_uint_lt(sim_memory_swapped_kib(&m) + sim_memory_used_kib(&m),
                      1200 * MIB);
}
END_TEST

/* As measured: 112 MiB, of which 35 are free, take a guest of 256 MiB half a
 * minute, and the first half of them a fifth of that. */
START_TEST(test_a_small_guest_gives_slowly)
{
    struct sim_memory m = guest("disk", 1024);
    struct sim_demand d = demand(160, 32, 0);
    uint64_t held_kib = 256 * MIB, got_kib = 0;
    unsigned half = 0, steps = 0;

    m.base_kib = 61 * MIB;
    sim_memory_settle(&m, &d, held_kib);
    while (got_kib < 112 * MIB && steps < MINUTE) {
        const struct sim_wish wish = { held_kib - got_kib,
                                       min_u64(112 * MIB - got_kib, 16 * MIB),
                                       STEP };

        got_kib += sim_memory_give(&m, &d, &wish);
        steps++;
        if (half == 0 && got_kib >= 56 * MIB)
            half = steps;
    }
    ck_assert_uint_ge(half, 40);
    ck_assert_uint_le(half, 70);
    ck_assert_uint_ge(steps, 160);
    ck_assert_uint_le(steps, 330);
}
END_TEST

/* One disk seeks for one task at a time, and the kernel hardly sees it. */
START_TEST(test_more_tasks_do_not_speed_up_a_disk)
{
    struct sim_demand d = demand(1024, 1024, 0);
    uint64_t in_kib[2] = { 0 };

    for (unsigned i = 0; i < 2; i++) {
        struct sim_memory m = guest("disk", 4096);

        d.tasks = i == 0 ? 1 : 16;
        sim_memory_settle(&m, &d, 600 * MIB);
        run(&m, &d, 600, MINUTE);
        in_kib[i] = m.swap_in_kib;
        ck_assert_uint_lt(m.full_us * 4, m.lost_us);
        /* Whoever looks at the disk sees what the kernel does not. */
        ck_assert_uint_ge(m.swap_wait_us / 100 * 105, m.lost_us);
    }
    ck_assert_uint_ge(in_kib[1], in_kib[0]);
    ck_assert_uint_le(in_kib[1], 60 * MS_PER_S * 1000 / 11600 * PAGE_KIB);
}
END_TEST

/* Pressure that more memory would not relieve is told, and not counted. */
START_TEST(test_a_scan_is_no_suffering)
{
    struct sim_memory m = guest("ssd", 1024);
    struct sim_demand d = demand(256, 128, 64);

    d.scan_kib_per_s = 200 * MIB;
    sim_memory_settle(&m, &d, 1024 * MIB);
    run(&m, &d, 1024, MINUTE);
    ck_assert_uint_gt(m.some_us, 0);
    ck_assert_uint_gt(m.refault_file_kib, 0);
    ck_assert_uint_eq(m.lost_us, 0);
    ck_assert_uint_eq(m.swap_in_kib, 0);
}
END_TEST

static const struct {
    const char *text;
    int r;
} phase_rows[] = {
    { "0s anon=1GiB hot=512MiB", 0 },
    { "0s", 0 },
    { "0s tasks=4 curve=loop touch=1MiB read=1 scan=0 growth=5", 0 },
    { "", -1 },
    { "anon=1GiB", -1 },
    { "0s anon", -1 },
    { "0s anon=", -1 },
    { "0s tasks=0", -1 },
    { "0s curve=cliff", -1 },
    { "0s what=1", -1 },
};

START_TEST(test_phases_follow_the_table)
{
    struct sim_work w = { 0 };

    ck_assert_int_eq(sim_work_add(&w, phase_rows[_i].text) < 0,
                     phase_rows[_i].r < 0);
}
END_TEST

static const struct {
    uint64_t repeat_ms, age_ms, anon_kib, next_ms;
} work_rows[] = {
    { 0, 0, 0, 10000 },
    { 0, 10000, 100, 20000 },
    { 0, 25000, 200, UINT64_MAX },
    { 30000, 25000, 200, 30000 },
    { 30000, 30000, 200, 40000 }, /* the last one until the first */
    { 30000, 41000, 100, 50000 },
};

START_TEST(test_work_follows_its_phases)
{
    struct sim_work w = { .repeat_ms = work_rows[_i].repeat_ms };
    struct sim_demand d;

    ck_assert_int_eq(sim_work_add(&w, "10s anon=100"), 0);
    ck_assert_int_eq(sim_work_add(&w, "20s anon=200"), 0);
    ck_assert_int_lt(sim_work_add(&w, "15s anon=200"), 0);
    sim_work_demand(&w, work_rows[_i].age_ms, &d);
    ck_assert_uint_eq(d.anon_kib, work_rows[_i].anon_kib);
    ck_assert_uint_eq(sim_work_next_ms(&w, work_rows[_i].age_ms),
                      work_rows[_i].next_ms);
}
END_TEST

/* How many samples arrive in a minute, and how old the last one is. */
static const struct {
    const char *mode;
    unsigned samples;
    uint64_t age_ms;
    bool says_available;
} agent_rows[] = {
    { "good", 7, 0, false },       { "absent", 0, 60000, false },
    { "silent", 0, 60000, false }, { "meminfo", 2, 60000, true },
    { "late", 6, 10000, false },   { "flooding", 601, 0, false },
};

START_TEST(test_agents_speak_by_their_character)
{
    struct sim_memory m = guest("ssd", 1024);
    struct sim_agent a = { .delay_ms = 4000 };
    struct sample s = { 0 };
    uint64_t available_kib = UINT64_MAX;
    unsigned n = 0;

    ck_assert_int_eq(sim_agent_find(agent_rows[_i].mode, &a.mode), 0);
    for (uint64_t ms = 0; ms <= 60000; ms += STEP) {
        const struct sim_look look = { &m, 1024 * MIB, ms, ms };

        n += sim_agent_look(&a, &look, &s, &available_kib);
    }
    ck_assert_uint_eq(n, agent_rows[_i].samples);
    ck_assert_uint_eq(60000 - s.uptime_ms, agent_rows[_i].age_ms);
    ck_assert_int_eq(available_kib != UINT64_MAX,
                     agent_rows[_i].says_available);
}
END_TEST

START_TEST(test_the_bill_is_fair)
{
    struct sim_bill_sums sums = { 0 };
    const struct sim_toll one = { .work_ms = 1000, .lost_us = 500000 };
    const struct sim_toll none = { .work_ms = 1000 };
    const struct sim_toll idle = { 0 };

    ck_assert_uint_eq(sim_bill_close(&sums).jain_permyriad, PERMYRIAD);
    sim_bill_take(&sums, &one);
    sim_bill_take(&sums, &idle);
    ck_assert_uint_eq(sim_bill_close(&sums).jain_permyriad, PERMYRIAD);
    sim_bill_take(&sums, &none);
    ck_assert_uint_eq(sim_bill_close(&sums).jain_permyriad, PERMYRIAD / 2);
    ck_assert_uint_eq(sim_bill_close(&sums).worst_us, 500000);
    ck_assert_uint_eq(sim_bill_close(&sums).sum.work_ms, 2000);
}
END_TEST

START_TEST(test_curves_have_names)
{
    enum sim_curve curve;

    ck_assert_int_eq(sim_curve_find("loop", &curve), 0);
    ck_assert_int_eq(curve, SIM_CURVE_LOOP);
    ck_assert_int_lt(sim_curve_find("flat", &curve), 0);
    ck_assert_ptr_null(sim_device_find("tape"));
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, test_misses_never_rise_with_what_is_resident, 0,
                        3);
    UNIT_ADD_ROWS(tests, test_shortage_costs, fit_rows);
    tcase_add_test(tests, test_no_page_is_lost);
    tcase_add_test(tests, test_nothing_comes_in_that_was_not_missed);
    tcase_add_test(tests, test_traffic_keeps_to_the_device);
    tcase_add_test(tests, test_a_balloon_waits_for_swap);
    tcase_add_test(tests, test_a_small_guest_gives_slowly);
    tcase_add_test(tests, test_more_tasks_do_not_speed_up_a_disk);
    tcase_add_test(tests, test_who_finds_nothing_is_killed);
    tcase_add_test(tests, test_a_scan_is_no_suffering);
    UNIT_ADD_ROWS(tests, test_phases_follow_the_table, phase_rows);
    UNIT_ADD_ROWS(tests, test_work_follows_its_phases, work_rows);
    UNIT_ADD_ROWS(tests, test_agents_speak_by_their_character, agent_rows);
    tcase_add_test(tests, test_the_bill_is_fair);
    tcase_add_test(tests, test_curves_have_names);
}

int
main(void)
{
    return unit_run("sim-memory", add_tests);
}
