/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read of xenstore, when, and what of it is believed. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake-xenstore.h"
#include "host-xen-cache.h"
#include "host-xen-store.h"
#include "host-xen-watch.h"
#include "log.h"
#include "unit.h"

#define UUID_1 "11111111-1111-4111-8111-111111111111"
#define UUID_2 "22222222-2222-4222-8222-222222222222"
#define HOME   "/local/domain/7/"
#define TARGET HOME "memory/target"
#define FREE   HOME "data/meminfo_free"
#define SAMPLE HOME "data/balancer/sample"
#define PROOF  "/balancer/domain/7/can-balloon"

static struct xen_cache cache;
static unsigned n_warnings;

static void
count_warning(enum log_level level, const char *line)
{
    (void)line;
    n_warnings += level <= LOG_LEVEL_WARN;
}

static void
setup(void)
{
    cache = (struct xen_cache){ .xs = fake_reset() };
    n_warnings = 0;
    log_set_sink(count_warning);
    fake_set(TARGET, "131072");
    fake_set(HOME "name", "web");
}

static void
teardown(void)
{
    xen_cache_done(&cache);
    log_set_sink(NULL);
}

static struct xen_domain *
see(const char *uuid, uint64_t now_ms)
{
    ck_assert_int_eq(xen_cache_see(&cache, 7, uuid, now_ms), 0);
    xen_cache_read_due(&cache, now_ms);
    return xen_cache_find(&cache, 7);
}

/* Was there news? */
static bool
take_in(uint64_t now_ms)
{
    int r = xen_watch_drain(&cache, now_ms);

    ck_assert_int_ge(r, 0);
    return xen_cache_read_due(&cache, now_ms) || r > 0;
}

static uint64_t
value(enum xen_key key)
{
    return xen_cache_find(&cache, 7)->values[key];
}

START_TEST(test_cache_reads_a_new_domain_once)
{
    unsigned reads;

    see(UUID_1, 1000);
    ck_assert_uint_eq(fake.watches, XEN_KEY_N);
    ck_assert_str_eq(xen_cache_find(&cache, 7)->name, "web");
    ck_assert_uint_eq(value(XEN_KEY_TARGET), 131072);
    ck_assert_uint_eq(value(XEN_KEY_DYNAMIC_MIN), HOST_UNSET);
    reads = fake.reads;
    /* The events of the new watches, and seeing it again, cost nothing. */
    ck_assert(!take_in(1001));
    see(UUID_1, 2000);
    ck_assert(!take_in(2000));
    ck_assert_uint_eq(fake.reads, reads);
}
END_TEST

START_TEST(test_cache_reads_what_changed)
{
    unsigned reads;

    see(UUID_1, 1000);
    take_in(1000);
    reads = fake.reads;
    fake_set(HOME "memory/dynamic-min", "65536");
    fake_set(HOME "memory/dynamic-min", "70000");
    ck_assert(take_in(1001));
    ck_assert_uint_eq(value(XEN_KEY_DYNAMIC_MIN), 70000);
    ck_assert_uint_eq(fake.reads, reads + 1);
    /* Our own write brings nothing new. */
    fake_set(TARGET, "131072");
    ck_assert(!take_in(1002));
    fake_unset("/local/domain/7");
    ck_assert(take_in(1003));
    ck_assert_uint_eq(value(XEN_KEY_TARGET), HOST_UNSET);
    ck_assert_str_eq(xen_cache_find(&cache, 7)->name, "");
}
END_TEST

START_TEST(test_cache_sees_its_own_write_at_once)
{
    see(UUID_1, 1000);
    take_in(1000);
    ck_assert_int_eq(xen_store_write(cache.xs, TARGET, "65536"), 0);
    xen_cache_touch(&cache, TARGET);
    xen_cache_touch(&cache, "/local/domain/8/memory/target");
    xen_cache_touch(&cache, "/local/domain/x/memory/target");
    xen_cache_touch(&cache, "/local/domain/7");
    xen_cache_touch(&cache, "/balancer/domain/7/error");
    ck_assert(xen_cache_read_due(&cache, 1000));
    ck_assert_uint_eq(value(XEN_KEY_TARGET), 65536);
}
END_TEST

static const struct {
    const char *text;
    uint64_t kib;
} values[] = {
    { "0", 0 },
    { "131072", 131072 },
    { "4398046511104", UINT64_C(1) << 42 },
    { "4398046511105", HOST_UNSET },
    { "99999999999999999999999999", HOST_UNSET },
    { "", HOST_UNSET },
    { " 1", HOST_UNSET },
    { "1 ", HOST_UNSET },
    { "+1", HOST_UNSET },
    { "-1", HOST_UNSET },
    { "0x10", HOST_UNSET },
    { "1e6", HOST_UNSET },
    { "12KiB", HOST_UNSET },
    { "\xff\x01", HOST_UNSET },
};

START_TEST(test_cache_believes_plain_numbers_only)
{
    see(UUID_1, 1000);
    take_in(1000);
    fake_set(HOME "memory/static-max", "5");
    fake_set(FREE, "5");
    ck_assert(take_in(2000));
    fake_set(HOME "memory/static-max", values[_i].text);
    fake_set(FREE, values[_i].text);
    ck_assert(take_in(3000));
    ck_assert_uint_eq(value(XEN_KEY_STATIC_MAX), values[_i].kib);
    ck_assert_int_eq(cache.domains[0].garbled & 1u << XEN_KEY_STATIC_MAX,
                     values[_i].kib == HOST_UNSET ? 1u << XEN_KEY_STATIC_MAX
                                                  : 0);
    ck_assert_uint_eq(value(XEN_KEY_MEMINFO_FREE), values[_i].kib);
}
END_TEST

START_TEST(test_cache_tells_garbled_from_absent)
{
    see(UUID_1, 1000);
    take_in(1000);
    fake_set(HOME "memory/static-min", "abc");
    ck_assert(take_in(2000));
    ck_assert_uint_eq(value(XEN_KEY_STATIC_MIN), HOST_UNSET);
    ck_assert_uint_eq(cache.domains[0].garbled, 1u << XEN_KEY_STATIC_MIN);
    fake_unset(HOME "memory/static-min");
    ck_assert(take_in(3000));
    ck_assert_uint_eq(cache.domains[0].garbled, 0);
}
END_TEST

START_TEST(test_cache_reads_a_guests_key_twice_a_second)
{
    unsigned reads;

    see(UUID_1, 1000);
    take_in(1000);
    reads = fake.reads;
    for (uint64_t ms = 0; ms < 10000; ms += 100) {
        char text[24];

        snprintf(text, sizeof(text), "%u", (unsigned)ms);
        fake_set(FREE, text);
        /* What is available does not have to be balanced at once. */
        ck_assert(!take_in(2000 + ms));
    }
    ck_assert_uint_eq(fake.reads, reads + 20);
    xen_cache_read_due(&cache, 20000);
    ck_assert_uint_eq(value(XEN_KEY_MEMINFO_FREE), 9900);
    ck_assert_uint_eq(n_warnings, 0);
}
END_TEST

START_TEST(test_cache_takes_a_guests_sample)
{
    struct xen_domain *d = see(UUID_1, 1000);

    take_in(1000);
    ck_assert_uint_eq(d->sample.sequence, 0);
    fake_set(SAMPLE, "1 seq=7 up=5 available=99");
    ck_assert(!take_in(2000));
    ck_assert_uint_eq(d->sample.sequence, 7);
    ck_assert_uint_eq(d->sample.available_kib, 99);
    ck_assert_uint_eq(d->sample.total_kib, SAMPLE_UNKNOWN);
    fake_unset(SAMPLE);
    take_in(3000);
    ck_assert_uint_eq(d->sample.sequence, 0);
    ck_assert_uint_eq(n_warnings, 0);
}
END_TEST

START_TEST(test_cache_keeps_the_last_good_sample)
{
    static const char *const bad[] = { "garbage", "",
                                       "2 seq=8 up=6 available=1",
                                       "1 seq=8 up=6 available=-1" };
    struct xen_domain *d = see(UUID_1, 1000);
    uint64_t now_ms = 2000;

    take_in(1000);
    for (int i = 0; i < 4; i++) {
        fake_set(SAMPLE, "1 seq=7 up=5 available=99");
        take_in(now_ms += 1000);
        fake_set(SAMPLE, bad[i]);
        ck_assert(!take_in(now_ms += 1000));
        ck_assert_uint_eq(d->sample.sequence, 7);
    }
    ck_assert_uint_eq(n_warnings, 1);
    /* Another domain is another matter. */
    d = see(UUID_2, now_ms + 1000);
    ck_assert_uint_eq(d->sample.sequence, 0);
    ck_assert_uint_eq(n_warnings, 2);
}
END_TEST

/* What of a sample cannot wait for the next look at all domains. */
static const struct {
    const char *text;
    bool is_pressing;
} samples[] = {
    { "1 seq=8 up=6", false },
    { "1 seq=8 up=6 total=16000 available=2000 swap-in=10 stall-full=10",
      false },
    { "1 seq=8 up=6 total=16000 available=999 swap-in=10 stall-full=10", true },
    { "1 seq=8 up=6 total=16000 available=1900 swap-in=41 stall-full=20009",
      false },
    /* it lasts nine times as long as it took to use up the rest */
    { "1 seq=8 up=6 total=16000 available=1800 swap-in=10 stall-full=10",
      true },
    { "1 seq=8 up=6 swap-in=42", true },
    { "1 seq=8 up=6 stall-full=20010", true },
    { "1 seq=8 up=6 swap-in=9", false },
};

START_TEST(test_cache_does_not_let_need_wait)
{
    see(UUID_1, 1000);
    take_in(1000);
    fake_set(SAMPLE, "1 seq=7 up=5 total=16000 available=2000 swap-in=10 "
                     "stall-full=10");
    ck_assert(!take_in(2000));
    fake_set(SAMPLE, samples[_i].text);
    ck_assert_int_eq(take_in(3000), samples[_i].is_pressing);
}
END_TEST

START_TEST(test_cache_stops_listening_to_a_flood)
{
    struct xen_domain *d = see(UUID_1, 1000);
    unsigned reads;

    take_in(1000);
    for (int i = 0; i < 250; i++)
        fake_set(FREE, "1");
    take_in(2000);
    ck_assert_uint_eq(n_warnings, 1);
    ck_assert_uint_eq(fake.watches, XEN_KEY_GUESTS);
    reads = fake.reads;
    for (int i = 0; i < 250; i++)
        fake_set(FREE, "2");
    ck_assert(!take_in(3000));
    ck_assert_uint_eq(fake.reads, reads);
    /* The toolstack is heard all the time. */
    fake_set(TARGET, "1000");
    ck_assert(take_in(3000));

    xen_watch_arm(&cache, d, 2000 + XEN_FLOOD_COOL_DOWN_MS - 1);
    ck_assert_uint_eq(fake.watches, XEN_KEY_GUESTS);
    xen_watch_arm(&cache, d, 2000 + XEN_FLOOD_COOL_DOWN_MS);
    ck_assert_uint_eq(fake.watches, XEN_KEY_N);
    take_in(2000 + XEN_FLOOD_COOL_DOWN_MS);
    ck_assert_uint_eq(value(XEN_KEY_MEMINFO_FREE), 2);
    for (int i = 0; i < 250; i++)
        fake_set(FREE, "3");
    take_in(20000);
    ck_assert_uint_eq(n_warnings, 1);
    ck_assert_uint_eq(fake.watches, XEN_KEY_GUESTS);
}
END_TEST

START_TEST(test_cache_does_not_mistake_a_new_domain_for_the_old)
{
    fake_set(PROOF, UUID_1);
    ck_assert(see(UUID_1, 1000)->is_proven);
    fake_unset(HOME "name");
    fake_set(TARGET, "5");
    ck_assert(!see(UUID_2, 2000)->is_proven);
    ck_assert_uint_eq(cache.n, 1);
    ck_assert_uint_eq(fake.watches, XEN_KEY_N);
    ck_assert_str_eq(xen_cache_find(&cache, 7)->name, "");
    ck_assert_uint_eq(value(XEN_KEY_TARGET), 5);
    /* Events of the old watches are still on their way. */
    take_in(2000);
    fake_set(TARGET, "6");
    take_in(2001);
    ck_assert_uint_eq(value(XEN_KEY_TARGET), 6);
}
END_TEST

START_TEST(test_cache_forgets_what_is_gone)
{
    for (uint32_t domid = 40; domid > 0; domid--)
        ck_assert_int_eq(xen_cache_see(&cache, domid, UUID_1, 0), 0);
    xen_cache_sweep(&cache);
    ck_assert_uint_eq(cache.n, 40);
    for (uint32_t domid = 2; domid <= 40; domid += 2)
        ck_assert_int_eq(xen_cache_see(&cache, domid, UUID_1, 0), 0);
    xen_cache_sweep(&cache);
    ck_assert_uint_eq(cache.n, 20);
    ck_assert_uint_eq(fake.watches, 20 * XEN_KEY_N);
    for (size_t i = 0; i < cache.n; i++)
        ck_assert_uint_eq(cache.domains[i].domid, 2 * (i + 1));
    ck_assert_ptr_null(xen_cache_find(&cache, 7));
    xen_cache_sweep(&cache);
    ck_assert_uint_eq(fake.watches, 0);
    take_in(0);
}
END_TEST

START_TEST(test_cache_cuts_a_name_between_characters)
{
    char name[HOST_NAME_SIZE + 8] = "";

    for (size_t i = 0; i < HOST_NAME_SIZE - 2; i++)
        name[i] = 'n';
    strcpy(name + HOST_NAME_SIZE - 2, "\xc3\xbc!");
    fake_set(HOME "name", name);
    see(UUID_1, 1000);
    name[HOST_NAME_SIZE - 2] = '\0';
    ck_assert_str_eq(xen_cache_find(&cache, 7)->name, name);
}
END_TEST

START_TEST(test_watch_tells_of_domains_that_come)
{
    ck_assert_int_eq(xen_watch_begin(&cache), 0);
    ck_assert(take_in(0));
    ck_assert(!take_in(0));
    fake_fire("@introduceDomain");
    ck_assert(take_in(0));
    ck_assert(!take_in(0));
    fake_fire("@releaseDomain");
    ck_assert(take_in(0));
    ck_assert_int_eq(xen_watch_begin(&cache), 0);
    ck_assert_uint_eq(fake.watches, 2);
}
END_TEST

START_TEST(test_watch_takes_no_more_than_it_can_chew)
{
    see(UUID_1, 1000);
    take_in(1000);
    for (int i = 0; i < 300; i++)
        fake_set(TARGET, "6");
    fake_set(TARGET, "7");
    ck_assert_int_eq(xen_watch_drain(&cache, 1000), 1);
    ck_assert_int_eq(xen_watch_drain(&cache, 1000), 0);
    xen_cache_read_due(&cache, 1000);
    ck_assert_uint_eq(value(XEN_KEY_TARGET), 7);
    /* A toolstack may write as often as it likes. */
    ck_assert_uint_eq(n_warnings, 0);
    ck_assert_uint_eq(fake.watches, XEN_KEY_N);
}
END_TEST

START_TEST(test_watch_notices_that_xenstored_is_gone)
{
    fake_hang_up();
    ck_assert_int_eq(xen_watch_drain(&cache, 0), -ENOTCONN);
}
END_TEST

START_TEST(test_store_does_not_revive_the_dead)
{
    const char *paths[] = { "/local/domain/8/memory/target",
                            "/local/domain/70/memory/target" };

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(xen_store_write(cache.xs, paths[i], "1"), -ESRCH);
        ck_assert_ptr_null(fake_get(paths[i]));
    }
    ck_assert_uint_eq(fake.writes, 0);
    ck_assert_int_eq(xen_store_write(cache.xs, TARGET, "1"), 0);
    ck_assert_str_eq(fake_get(TARGET), "1");
    ck_assert_int_eq(xen_store_write(cache.xs, PROOF, "x"), 0);
    ck_assert_str_eq(fake_get(PROOF), "x");
}
END_TEST

START_TEST(test_store_tries_again_after_a_conflict)
{
    fake_conflict(3);
    ck_assert_int_eq(xen_store_write(cache.xs, TARGET, "1"), 0);
    ck_assert_uint_eq(fake.transactions, 4);
    ck_assert_str_eq(fake_get(TARGET), "1");
    fake_conflict(1000);
    ck_assert_int_eq(xen_store_write(cache.xs, TARGET, "2"), -EAGAIN);
    ck_assert_str_eq(fake_get(TARGET), "1");
}
END_TEST

struct seen {
    int n;
    int stop_at;
    int r;
    char text[128];
};

static int
collect(void *arg, const char *name, const char *text)
{
    struct seen *seen = arg;

    strcat(strcat(strcat(strcat(seen->text, name), "="), text), " ");
    return ++seen->n == seen->stop_at ? seen->r : 0;
}

#define DIR "/balancer/reservation"

START_TEST(test_store_lists_and_removes)
{
    struct seen all = { 0 }, two = { .stop_at = 2, .r = 1 };
    struct seen bad = { .stop_at = 1, .r = -EBADMSG };

    ck_assert_int_eq(xen_store_list(cache.xs, DIR, collect, &all), 0);
    ck_assert_int_eq(all.n, 0);
    fake_set(DIR "/a", "1");
    fake_set(DIR "/b", "2");
    fake_set(DIR "/c", "3");
    ck_assert_int_eq(xen_store_list(cache.xs, DIR, collect, &all), 0);
    ck_assert_str_eq(all.text, "a=1 b=2 c=3 ");
    ck_assert_int_eq(xen_store_list(cache.xs, DIR, collect, &two), 0);
    ck_assert_str_eq(two.text, "a=1 b=2 ");
    ck_assert_int_eq(xen_store_list(cache.xs, DIR, collect, &bad), -EBADMSG);
    ck_assert_int_eq(xen_store_remove(cache.xs, DIR "/a"), 0);
    ck_assert_int_eq(xen_store_remove(cache.xs, DIR "/a"), 0);
    ck_assert_ptr_null(fake_get(DIR "/a"));
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_cache_reads_a_new_domain_once);
    tcase_add_test(tests, test_cache_reads_what_changed);
    tcase_add_test(tests, test_cache_sees_its_own_write_at_once);
    UNIT_ADD_ROWS(tests, test_cache_believes_plain_numbers_only, values);
    tcase_add_test(tests, test_cache_tells_garbled_from_absent);
    tcase_add_test(tests, test_cache_reads_a_guests_key_twice_a_second);
    tcase_add_test(tests, test_cache_takes_a_guests_sample);
    tcase_add_test(tests, test_cache_keeps_the_last_good_sample);
    UNIT_ADD_ROWS(tests, test_cache_does_not_let_need_wait, samples);
    tcase_add_test(tests, test_cache_stops_listening_to_a_flood);
    tcase_add_test(tests, test_cache_does_not_mistake_a_new_domain_for_the_old);
    tcase_add_test(tests, test_cache_forgets_what_is_gone);
    tcase_add_test(tests, test_cache_cuts_a_name_between_characters);
    tcase_add_test(tests, test_watch_tells_of_domains_that_come);
    tcase_add_test(tests, test_watch_takes_no_more_than_it_can_chew);
    tcase_add_test(tests, test_watch_notices_that_xenstored_is_gone);
    tcase_add_test(tests, test_store_does_not_revive_the_dead);
    tcase_add_test(tests, test_store_tries_again_after_a_conflict);
    tcase_add_test(tests, test_store_lists_and_removes);
}

int
main(void)
{
    return unit_run("xen_cache", add);
}
