/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What scripts may write, and what is made of it. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "errand.h"
#include "unit.h"
#include "util/units.h"

#define UUID    "01234567-89ab-cdef-0123-456789abcdef"
#define DEFAULT RESERVE_DEFAULT_TTL_MS, RESERVE_DEFAULT_WAIT_MS

static const struct {
    const char *text;
    struct errand_words words;
} good_words[] = {
    { "size=512MiB", { 524288, 524288, 0, DEFAULT, "" } },
    { "size=512", { 512, 512, 0, DEFAULT, "" } },
    { "524288", { 524288, 524288, 0, DEFAULT, "" } },
    { "1GiB ttl=5m", { 1048576, 1048576, 0, 300000, 60000, "" } },
    { "  size=1m\n", { 1024, 1024, 0, DEFAULT, "" } },
    { "min=1000 max=2000", { 1000, 2000, 0, DEFAULT, "" } },
    { "max=2000 overhead=7 min=1000", { 1000, 2000, 7, DEFAULT, "" } },
    { "ttl=90 wait=0 size=4", { 4, 4, 0, 90000, 0, "" } },
    { "size=4 uuid=" UUID, { 4, 4, 0, DEFAULT, UUID } },
    { "size=0", { 0, 0, 0, DEFAULT, "" } }, /* the book refuses it */
};

START_TEST(test_words_are_understood)
{
    const struct errand_words *expected = &good_words[_i].words;
    char error[ERRAND_WORDS_ERROR_SIZE] = "";
    struct errand_words words;

    ck_assert_int_eq(errand_words_parse(good_words[_i].text, &words, error), 0);
    ck_assert_uint_eq(words.min_kib, expected->min_kib);
    ck_assert_uint_eq(words.max_kib, expected->max_kib);
    ck_assert_uint_eq(words.overhead_kib, expected->overhead_kib);
    ck_assert_uint_eq(words.ttl_ms, expected->ttl_ms);
    ck_assert_uint_eq(words.wait_ms, expected->wait_ms);
    ck_assert_str_eq(words.uuid, expected->uuid);
    ck_assert_str_eq(error, "");
}
END_TEST

#define EITHER "either size is needed, or both min and max"

static const struct {
    const char *text;
    const char *error;
} bad_words[] = {
    { "", EITHER },
    { "ttl=5m", EITHER },
    { "min=5", EITHER },
    { "max=5", EITHER },
    { "size=5 min=5", EITHER },
    { "size=5 min=5 max=6", EITHER },
    { "5 max=6", EITHER },
    { "size=5 size=5", "'size' is there twice" },
    { "5 size=5", "'size' is there twice" },
    { "size=5 6", "'6' is not of the form name=value" },
    { "size=5 owner=me",
      "'owner' is not known; size, min, max, overhead, ttl, wait and uuid "
      "are" },
    { "size=5 =5", "'' is not known; size, min, max, overhead, ttl, wait and "
                   "uuid are" },
    { "size=5 uuid=7", "uuid is not a uuid: '7'" },
    { "size=-5", "Failed to parse field 'size': expecting an integer (possibly "
                 "with suffix KiB, MiB, GiB, TiB), got '-5'" },
    { "size=", "Failed to parse field 'size': expecting an integer (possibly "
               "with suffix KiB, MiB, GiB, TiB), got ''" },
    { "hello", "Failed to parse field 'size': expecting an integer (possibly "
               "with suffix KiB, MiB, GiB, TiB), got 'hello'" },
    { "size=5 ttl=soon", "Failed to parse field 'ttl': expecting a time "
                         "(possibly with suffix ms, s, m, h, d), got 'soon'" },
    { "size=5 uuid=\x1b[m", "uuid is not a uuid: '\\x1b[m'" },
};

START_TEST(test_wrong_words_are_refused_in_words)
{
    char error[ERRAND_WORDS_ERROR_SIZE] = "";
    struct errand_words words = { .min_kib = 77 };

    ck_assert_int_eq(errand_words_parse(bad_words[_i].text, &words, error),
                     -EINVAL);
    ck_assert_str_eq(error, bad_words[_i].error);
    ck_assert_uint_eq(words.min_kib, 77);
}
END_TEST

START_TEST(test_too_many_words_are_refused)
{
    char error[ERRAND_WORDS_ERROR_SIZE], text[ERRAND_WORDS_SIZE + 1];
    struct errand_words words;

    memset(text, ' ', sizeof(text));
    memcpy(text, "size=5", strlen("size=5"));
    text[ERRAND_WORDS_SIZE - 1] = '\0';
    ck_assert_int_eq(errand_words_parse(text, &words, error), 0);
    text[ERRAND_WORDS_SIZE - 1] = ' ';
    text[ERRAND_WORDS_SIZE] = '\0';
    ck_assert_int_eq(errand_words_parse(text, &words, error), -EINVAL);
}
END_TEST

static const struct {
    const char *text;
    struct reservation r;
    bool is_meant;
} meanings[] = {
    { "size=100", { .kib = 100, .min_kib = 100 }, true },
    { "size=100 ttl=9s wait=1", { .kib = 100, .min_kib = 100 }, true },
    { "size=101", { .kib = 100, .min_kib = 100 }, false },
    { "size=100 overhead=1", { .kib = 100, .min_kib = 100 }, false },
    { "min=50 max=100", { .kib = 80, .min_kib = 50 }, true },
    { "min=50 max=70", { .kib = 80, .min_kib = 50 }, false },
    { "min=60 max=100", { .kib = 80, .min_kib = 50 }, false },
    { "size=100 uuid=" UUID, { .kib = 100, .min_kib = 100 }, false },
    { "size=100 uuid=" UUID,
      { .kib = 100, .min_kib = 100, .uuid = UUID },
      true },
    { "size=100", { .kib = 100, .min_kib = 100, .uuid = UUID }, false },
    { "size=100",
      { .kib = 100, .min_kib = 100, .uuid = UUID, .is_transferred = true },
      true },
};

START_TEST(test_words_mean_a_reservation)
{
    char error[ERRAND_WORDS_ERROR_SIZE];
    struct errand_words words;

    ck_assert_int_eq(errand_words_parse(meanings[_i].text, &words, error), 0);
    ck_assert(errand_words_mean(&words, &meanings[_i].r) ==
              meanings[_i].is_meant);
}
END_TEST

#define NAME_54 "123456789-123456789-123456789-123456789-123456789-1234"

static const struct {
    const char *name;
    bool is_good;
} names[] = {
    { "web", true },       { "Web_1@host-2", true }, { NAME_54, true },
    { "", false },         { "a.b", false },         { "a b", false },
    { "a/b", false },      { NAME_54 "5", false },   { "a:b", false },
    { "\xc3\xa4", false },
};

START_TEST(test_names_fit_a_key)
{
    struct reservation r = { .owner = ERRAND_OWNER };

    ck_assert(errand_name_is_good(names[_i].name) == names[_i].is_good);
    if (!names[_i].is_good)
        return;
    errand_key(r.key, names[_i].name);
    ck_assert_str_eq(errand_name_of(&r), names[_i].name);
}
END_TEST

START_TEST(test_a_clients_reservation_is_no_errands)
{
    struct reservation r = { .owner = "someone", .key = "xenstore:web" };

    ck_assert_ptr_null(errand_name_of(&r));
    strcpy(r.owner, ERRAND_OWNER);
    ck_assert_str_eq(errand_name_of(&r), "web");
    strcpy(r.key, "web");
    ck_assert_ptr_null(errand_name_of(&r));
}
END_TEST

static const struct {
    const char *answered;
    const char *state;
    bool has_reservation;
    enum errand_verdict verdict;
} judgements[] = {
    /* new, or its daemon died before it answered */
    { "", "", false, ERRAND_ASK },
    { "", "", true, ERRAND_ASK },
    { "size=1", "granted 1", true, ERRAND_ASK },
    { "size=1", "refused x", false, ERRAND_ASK },
    { "size=2", "pending", false, ERRAND_ASK },
    { "size=2", "", false, ERRAND_ASK },
    { "size=2", "pending", true, ERRAND_RESUME },
    { "size=2", "granted 2", true, ERRAND_RESUME },
    { "size=2", "granted 2", false, ERRAND_LOST },
    { "size=2", "refused x", false, ERRAND_KEEP },
    { "size=2", "ended x", false, ERRAND_KEEP },
};

START_TEST(test_what_is_found_is_judged)
{
    ck_assert_int_eq(errand_judge("size=2", judgements[_i].answered,
                                  judgements[_i].state,
                                  judgements[_i].has_reservation),
                     judgements[_i].verdict);
}
END_TEST

START_TEST(test_fates_are_answered)
{
    struct errand_table t = { 0 };
    struct errand *e = errand_add(&t, "web");
    struct reservation r = { .id = UUID, .owner = ERRAND_OWNER, .kib = 5 };

    errand_key(r.key, "web");
    errand_note(&t, &r, ERRAND_GRANTED, "");
    ck_assert(!e->is_due); /* it is not the one that the errand has now */
    strcpy(e->id, UUID);
    errand_note(&t, &r, ERRAND_GRANTED, "");
    ck_assert(e->is_due && e->is_unlinked);
    ck_assert_str_eq(e->state, "granted 5");
    e->is_due = false;
    errand_note(&t, &r, ERRAND_GRANTED, "");
    ck_assert(!e->is_due);
    strcpy(e->error, "there is no domain 7");
    errand_note(&t, &r, ERRAND_ENDED, "it was released");
    ck_assert(e->is_due);
    ck_assert_str_eq(e->state, "ended it was released");
    ck_assert_str_eq(e->id, "");
    ck_assert_str_eq(e->error, "");
    errand_table_done(&t);
}
END_TEST

START_TEST(test_table_is_bounded)
{
    struct errand_table t = { 0 };
    char name[16];

    for (unsigned i = 0; i < ERRANDS_MAX; i++) {
        snprintf(name, sizeof(name), "%u", i);
        ck_assert_ptr_nonnull(errand_add(&t, name));
    }
    ck_assert_ptr_null(errand_add(&t, "one-too-many"));
    errand_remove(&t, "0");
    errand_remove(&t, "0");
    ck_assert_ptr_null(errand_find(&t, "0"));
    ck_assert_str_eq(errand_find(&t, "255")->name, "255");
    ck_assert_ptr_nonnull(errand_add(&t, "one-that-fits"));
    errand_table_done(&t);
}
END_TEST

static void
add_tests(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_words_are_understood, good_words);
    UNIT_ADD_ROWS(tests, test_wrong_words_are_refused_in_words, bad_words);
    tcase_add_test(tests, test_too_many_words_are_refused);
    UNIT_ADD_ROWS(tests, test_words_mean_a_reservation, meanings);
    UNIT_ADD_ROWS(tests, test_names_fit_a_key, names);
    tcase_add_test(tests, test_a_clients_reservation_is_no_errands);
    UNIT_ADD_ROWS(tests, test_what_is_found_is_judged, judgements);
    tcase_add_test(tests, test_fates_are_answered);
    tcase_add_test(tests, test_table_is_bounded);
}

int
main(void)
{
    return unit_run("errand", add_tests);
}
