/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking an NBD server for an export, byte by byte. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "nbd-hello.h"
#include "unit.h"

#define REPLY "\x00\x03\xe8\x89\x04\x55\x65\xa9"
#define GO    "\x00\x00\x00\x07"

START_TEST(test_greeting_is_of_a_server_that_can_be_asked)
{
    unsigned char bytes[] = "NBDMAGICIHAVEOPT\x00\x03";

    ck_assert_int_eq(nbd_hello_greeting(bytes), 0);
    bytes[17] = 2; /* not the fixed protocol */
    ck_assert_int_eq(nbd_hello_greeting(bytes), -EPROTO);
    bytes[17] = 1;
    ck_assert_int_eq(nbd_hello_greeting(bytes), 0);
    bytes[8] = '\0'; /* the old protocol */
    ck_assert_int_eq(nbd_hello_greeting(bytes), -EPROTO);
}
END_TEST

START_TEST(test_request_names_the_export)
{
    static const unsigned char should[] =
        "\x00\x00\x00\x03IHAVEOPT" GO "\x00\x00\x00\x0b\x00\x00\x00\x05"
        "token\x00";
    unsigned char bytes[NBD_REQUEST_MAX];

    ck_assert_uint_eq(nbd_hello_request("token", bytes), sizeof(should));
    ck_assert_mem_eq(bytes, should, sizeof(should));
}
END_TEST

START_TEST(test_request_of_a_long_name_fits)
{
    unsigned char bytes[NBD_REQUEST_MAX];
    char name[400];

    memset(name, 'x', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    ck_assert_uint_le(nbd_hello_request(name, bytes), sizeof(bytes));
    ck_assert_uint_eq(nbd_hello_request("", bytes), 26);
}
END_TEST

static const struct {
    const char *head; /* NBD_REPLY_BYTES */
    const char *data;
    int head_r, r;
    bool is_known; /* before */
} replies[] = {
    { REPLY GO "\x00\x00\x00\x01\x00\x00\x00\x00", "", 0, 1, true },
    /* granted without a word on its size */
    { REPLY GO "\x00\x00\x00\x01\x00\x00\x00\x00", "", 0, -EPROTO, false },
    { REPLY GO "\x00\x00\x00\x03\x00\x00\x00\x0c",
      "\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x01\x2d", 0, 0, false },
    { REPLY GO "\x00\x00\x00\x03\x00\x00\x00\x0b",
      "\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x01", 0, -EPROTO, false },
    { REPLY GO "\x00\x00\x00\x03\x00\x00\x00\x01", "\x00", 0, -EPROTO, false },
    /* a name, of which nobody asked */
    { REPLY GO "\x00\x00\x00\x03\x00\x00\x00\x03", "\x00\x01x", 0, 0, false },
    { REPLY GO "\x80\x00\x00\x06\x00\x00\x00\x02", "no", 0, -ENOENT, false },
    { REPLY GO "\x80\x00\x00\x02\x00\x00\x00\x00", "", 0, -EACCES, false },
    { REPLY GO "\x80\x00\x00\x05\x00\x00\x00\x00", "", 0, -EACCES, false },
    { REPLY GO "\x00\x00\x00\x09\x00\x00\x00\x00", "", 0, 0, false },
    { REPLY GO "\x00\x00\x00\x03\x00\x00\x10\x01", "", -EPROTO, 0, false },
    { REPLY "\x00\x00\x00\x06\x00\x00\x00\x01\x00\x00\x00\x00", "", -EPROTO, 0,
      false },
    { "IHAVEOPT" GO "\x00\x00\x00\x01\x00\x00\x00\x00", "", -EPROTO, 0, false },
};

START_TEST(test_reply_is_judged)
{
    struct nbd_export e = { .is_known = replies[_i].is_known };
    struct nbd_reply reply = { .type = 0 };
    unsigned char head[NBD_REPLY_BYTES], data[64] = { 0 };

    memcpy(head, replies[_i].head, sizeof(head));
    ck_assert_int_eq(nbd_hello_reply(head, &reply), replies[_i].head_r);
    if (replies[_i].head_r < 0)
        return;
    memcpy(data, replies[_i].data, reply.length);
    ck_assert_int_eq(nbd_hello_data(&reply, data, &e), replies[_i].r);
    if (reply.length == 12) {
        ck_assert_uint_eq(e.size_bytes, 0x04000000);
        ck_assert_uint_eq(e.flags, 0x012d);
    }
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_greeting_is_of_a_server_that_can_be_asked);
    tcase_add_test(tests, test_request_names_the_export);
    tcase_add_test(tests, test_request_of_a_long_name_fits);
    UNIT_ADD_ROWS(tests, test_reply_is_judged, replies);
}

int
main(void)
{
    return unit_run("nbd_hello", add);
}
