/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which samples wake the daemon. */
#include <config.h>

#include "sample-press.h"
#include "unit.h"

#define MIB 1024u
#define GIB (1024u * MIB)

static const struct press_row {
    struct sample before, now;
    bool presses;
} rows[] = {
    /* the first one says nothing of what happens */
    { { .sequence = 0, .total_kib = 4 * GIB, .available_kib = 2 * GIB },
      { .sequence = 1, .total_kib = 4 * GIB, .available_kib = 1 * MIB },
      false },
    { { .sequence = 1, .swap_in_pages = 0 },
      { .sequence = 2, .swap_in_pages = 31 },
      false },
    { { .sequence = 1, .swap_in_pages = 0 },
      { .sequence = 2, .swap_in_pages = 32 },
      true },
    { { .sequence = 1, .stall_full_us = 5 },
      { .sequence = 2, .stall_full_us = 20005 },
      true },
    { { .sequence = 1, .swap_in_pages = SAMPLE_UNKNOWN },
      { .sequence = 2, .swap_in_pages = 32 },
      false },
    /* below a sixteenth, and falling; not while it rises */
    { { .sequence = 1, .total_kib = 4 * GIB, .available_kib = 256 * MIB },
      { .sequence = 2, .total_kib = 4 * GIB, .available_kib = 255 * MIB },
      true },
    { { .sequence = 1, .total_kib = 4 * GIB, .available_kib = 100 * MIB },
      { .sequence = 2, .total_kib = 4 * GIB, .available_kib = 101 * MIB },
      false },
    /* 2 GiB last ten times as long if 200 MiB went, not if 210 did */
    { { .sequence = 1, .total_kib = 4 * GIB, .available_kib = 2200 * MIB },
      { .sequence = 2, .total_kib = 4 * GIB, .available_kib = 2000 * MIB },
      false },
    { { .sequence = 1, .total_kib = 4 * GIB, .available_kib = 2210 * MIB },
      { .sequence = 2, .total_kib = 4 * GIB, .available_kib = 2000 * MIB },
      true },
};

START_TEST(test_need_presses)
{
    ck_assert_int_eq(sample_presses(&rows[_i].before, &rows[_i].now),
                     rows[_i].presses);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_need_presses, rows);
}

int
main(void)
{
    return unit_run("press", add);
}
