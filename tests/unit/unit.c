/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs one suite. */
#include <config.h>

#include <stdlib.h>

#include "unit.h"

int
unit_run(const char *name, unit_add_fn *add)
{
    Suite *suite = suite_create(name);
    TCase *tests = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    int failed;

    add(tests);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
