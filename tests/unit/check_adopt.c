/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain that appears is given: xenstore's word, its settings, or the
 * default range. */
#include <config.h>

#include <string.h>

#include "settings-adopt.h"
#include "unit.h"

#define UUID "01234567-89ab-cdef-0123-456789abcdef"
#define NO   HOST_UNSET

struct adopt_row {
    /* xenstore's word on the domain */
    uint32_t domid;
    uint64_t target, static_min, dynamic_min, dynamic_max, static_max;
    /* its settings, all 0: none */
    struct range kept;
    struct default_range defaults;
    enum adoption result;
    struct range range;
};

#define HANDS_OFF \
 {                \
  { NO, 0 },      \
  {               \
   NO, 100        \
  }               \
 }
#define QUARTER_TO_ALL \
 {                     \
  { NO, 25 },          \
  {                    \
   NO, 100             \
  }                    \
 }

static const struct adopt_row adopt_rows[] = {
    /* nothing kept, no default: hands off */
    { 1, 400, NO, NO, NO, 800, { 0 }, HANDS_OFF, ADOPTION_NONE, { 0 } },
    /* it is being built */
    { 1, NO, NO, NO, NO, NO, { 0 }, QUARTER_TO_ALL, ADOPTION_LATER, { 0 } },
    /* the default, in whole pages */
    { 1,
      400,
      NO,
      NO,
      NO,
      808,
      { 0 },
      QUARTER_TO_ALL,
      ADOPTION_RANGE,
      { 0, 200, 808, 808 } },
    /* a default is bent to fit the domain: static-max, static-min */
    { 1,
      400,
      NO,
      NO,
      NO,
      800,
      { 0 },
      { { 1000, 0 }, { 2000, 0 } },
      ADOPTION_RANGE,
      { 0, 800, 800, 800 } },
    { 1,
      400,
      300,
      NO,
      NO,
      800,
      { 0 },
      { { 100, 0 }, { NO, 50 } },
      ADOPTION_RANGE,
      { 300, 300, 400, 800 } },
    /* a percentage of nothing known */
    { 1, 400, NO, NO, NO, NO, { 0 }, QUARTER_TO_ALL, ADOPTION_NONE, { 0 } },
    /* settings come before the default, xenstore before both */
    { 1,
      400,
      NO,
      NO,
      NO,
      800,
      { NO, 120, 700, NO },
      QUARTER_TO_ALL,
      ADOPTION_RANGE,
      { 0, 120, 700, 800 } },
    { 1,
      400,
      NO,
      NO,
      NO,
      800,
      { 100, 120, 700, NO },
      HANDS_OFF,
      ADOPTION_RANGE,
      { 100, 120, 700, 800 } },
    { 1,
      400,
      NO,
      50,
      60,
      800,
      { NO, 120, 700, NO },
      HANDS_OFF,
      ADOPTION_NONE,
      { 0 } },
    { 1,
      400,
      NO,
      NO,
      60,
      800,
      { NO, 120, 700, NO },
      HANDS_OFF,
      ADOPTION_NONE,
      { 0 } },
    /* half a range is none */
    { 1,
      400,
      NO,
      NO,
      NO,
      800,
      { NO, 120, NO, NO },
      HANDS_OFF,
      ADOPTION_NONE,
      { 0 } },
    /* settings are not bent: it was built smaller than they say */
    { 1,
      400,
      NO,
      NO,
      NO,
      800,
      { NO, 120, 900, NO },
      HANDS_OFF,
      ADOPTION_REFUSED,
      { 0 } },
    { 1,
      400,
      200,
      NO,
      NO,
      800,
      { NO, 120, 700, NO },
      HANDS_OFF,
      ADOPTION_REFUSED,
      { 0 } },
    /* domain 0's range is the configuration's */
    { 0,
      400,
      NO,
      NO,
      NO,
      800,
      { NO, 120, 700, NO },
      QUARTER_TO_ALL,
      ADOPTION_NONE,
      { 0 } },
};

START_TEST(test_adoption_follows_the_table)
{
    const struct adopt_row *row = &adopt_rows[_i];
    const struct host_domain d = {
        .domid = row->domid,
        .target_kib = row->target,
        .static_min_kib = row->static_min,
        .dynamic_min_kib = row->dynamic_min,
        .dynamic_max_kib = row->dynamic_max,
        .static_max_kib = row->static_max,
    };
    bool is_kept = row->kept.dynamic_min_kib > 0;
    char error[HOST_ERROR_SIZE] = "";
    struct range range = { 0 };
    struct settings s;

    settings_init(&s, UUID);
    s.limits = row->kept;
    ck_assert_int_eq((int)settings_adopt(is_kept ? &s : NULL, &row->defaults,
                                         &d, &range, error),
                     (int)row->result);
    ck_assert_int_eq(memcmp(&range, &row->range, sizeof(range)), 0);
    ck_assert_int_eq(error[0] != '\0', row->result == ADOPTION_REFUSED);
}
END_TEST

static void
add_tests(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_adoption_follows_the_table, adopt_rows);
}

int
main(void)
{
    return unit_run("adopt", add_tests);
}
