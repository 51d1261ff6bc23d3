/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machine ids, written as uuids. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "identity.h"
#include "unit.h"

struct row {
    const char *text;
    const char *uuid; /* NULL: none */
};

static const struct row rows[] = {
    { "00112233445566778899aabbccddeeff\n",
      "00112233-4455-6677-8899-aabbccddeeff" },
    { "00112233445566778899AABBCCDDEEFF",
      "00112233-4455-6677-8899-aabbccddeeff" },
    { "uninitialized\n", NULL },
    { "", NULL },
    { "00112233445566778899aabbccddeef\n", NULL },
    { "00112233445566778899aabbccddeeff0", NULL },
    { "00112233445566778899aabbccddeefg\n", NULL },
    { "00112233-4455-6677-8899-aabbccdd", NULL },
};

START_TEST(test_identity_is_the_machine_id)
{
    const struct row *row = &rows[_i];
    char uuid[HOST_UUID_SIZE] = "untouched";
    int r = identity_parse(row->text, uuid);

    ck_assert_int_eq(r, row->uuid ? 0 : -EINVAL);
    ck_assert_str_eq(uuid, row->uuid ? row->uuid : "untouched");
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_identity_is_the_machine_id, rows);
}

int
main(void)
{
    return unit_run("identity", add);
}
