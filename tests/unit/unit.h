/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The main program that all unit tests share. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <check.h>

/* The test once per row of table; _i is the row. */
#define UNIT_ADD_ROWS(tests, test, table) \
 tcase_add_loop_test(tests, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

typedef void unit_add_fn(TCase *tests);

/* Runs what add adds; EXIT_SUCCESS if nothing failed. */
int unit_run(const char *name, unit_add_fn *add);

#endif
