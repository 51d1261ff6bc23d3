/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* peers.conf, and the forms of what is in it. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "peers-file.h"
#include "unit.h"

static char dir[] = "/tmp/check_peers_file.XXXXXX";

static const struct {
    const char *text;
    const char *host; /* NULL: it is refused */
    uint16_t port;
} address_rows[] = {
    { "10.9.0.1", "10.9.0.1", PEER_PORT },
    { "10.9.0.1:7", "10.9.0.1", 7 },
    { "::1", "::1", PEER_PORT },
    { "[::1]", "::1", PEER_PORT },
    { "[2001:db8:0::1]:65535", "2001:db8::1", 65535 },
    { "10.9.0.1:0", NULL, 0 },
    { "10.9.0.1:65536", NULL, 0 },
    { "10.9.0.1:99999999999999999999999", NULL, 0 },
    { "10.9.0.1:", NULL, 0 },
    { "10.9.0.1:7x", NULL, 0 },
    { "10.9.0", NULL, 0 },
    { "host2", NULL, 0 },
    { "[::1", NULL, 0 },
    { "[::1]7", NULL, 0 },
    { "::1:x", NULL, 0 },
    { "", NULL, 0 },
    { "1111111111111111111111111111111111111111111111111111", NULL, 0 },
};

START_TEST(test_addresses)
{
    struct peer_address a, again;
    char text[PEER_ADDRESS_SIZE];
    int r = peer_address_parse(address_rows[_i].text, &a);

    ck_assert_int_eq(r, address_rows[_i].host ? 0 : -EINVAL);
    if (r < 0)
        return;
    ck_assert_str_eq(a.host, address_rows[_i].host);
    ck_assert_uint_eq(a.port, address_rows[_i].port);
    peer_address_format(&a, text);
    ck_assert_int_eq(peer_address_parse(text, &again), 0);
    ck_assert_str_eq(a.host, again.host);
    ck_assert_uint_eq(a.port, again.port);
}
END_TEST

#define PEER(name, rest) "[" name "]\naddress = 10.9.0.1\n" rest "\n"
#define SECRET           "secret = 0123456789abcdef"

static const struct {
    const char *text;
    int n; /* -EINVAL: and the error says */
    const char *says;
} file_rows[] = {
    { "", 0, NULL },
    { PEER("a", SECRET), 1, NULL },
    { PEER("a", SECRET) "# more\n" PEER("b.x-1", SECRET), 2, NULL },
    { PEER("a", SECRET) "[a]\naddress = ::1\n", 1, NULL },
    { PEER("a", ""), -EINVAL, "[a]: it has no secret" },
    { "[a]\n" SECRET "\n", -EINVAL, "[a]: it has no address" },
    { PEER("a", "secret = 0123456789abcde"), -EINVAL, "secret of 16 to 128" },
    { PEER("a", "secret = 0123456789 abcdef"), -EINVAL, "without blanks" },
    { PEER("a", "sekret = 0123456789abcdef"), -EINVAL, "only address" },
    { PEER("a/b", SECRET), -EINVAL, "f:2: [a/b]: no name" },
    { "[a]\naddress = host2\n", -EINVAL, "no IP address" },
    { "address = ::1\n", -EINVAL, "no name of a peer" },
    { "x\n", -EINVAL, "f:1: neither" },
};

START_TEST(test_files)
{
    struct peers_list *peers = calloc(1, sizeof(*peers));
    char error[PEERS_FILE_ERROR_SIZE] = "";
    const char *text = file_rows[_i].text;
    FILE *file = text[0] ? fmemopen((void *)(uintptr_t)text, strlen(text), "r")
                         : fopen("/dev/null", "r");
    int r = peers_file_parse(file, "f", peers, error);

    ck_assert_int_eq(r < 0 ? r : (int)peers->n, file_rows[_i].n);
    if (r < 0 && !strstr(error, file_rows[_i].says))
        ck_abort_msg("'%s' does not say '%s'", error, file_rows[_i].says);
    ck_assert(!strstr(error, "0123456789"));
    fclose(file);
    free(peers);
}
END_TEST

static struct peers_entry
entry_of(size_t i)
{
    struct peers_entry e = { .name = "" };

    memset(e.name, 'n', sizeof(e.name) - 1);
    e.name[0] = (char)('0' + i / 10);
    e.name[1] = (char)('0' + i % 10);
    memset(e.secret, '~', sizeof(e.secret) - 1);
    ck_assert_int_eq(
        peer_address_parse("[1111:2222:3333:4444:5555:6666:7777:8888]:65535",
                           &e.address),
        0);
    return e;
}

START_TEST(test_as_many_as_there_can_be_come_back)
{
    struct peers_list *peers = calloc(1, sizeof(*peers));
    struct peers_list *again = calloc(1, sizeof(*again));
    char error[PEERS_FILE_ERROR_SIZE] = "", path[64];
    struct stat status;
    size_t i;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(peers_file_read(dir, again, error), 0);
    ck_assert_uint_eq(again->n, 0);
    for (i = 0; i < PEERS_FILE_MAX; i++)
        peers->list[peers->n++] = entry_of(i);
    ck_assert_int_eq(peers_file_write(dir, peers), 0);
    ck_assert_int_eq(peers_file_read(dir, again, error), 0);
    ck_assert_uint_eq(again->n, PEERS_FILE_MAX);
    for (i = 0; i < PEERS_FILE_MAX; i++) {
        const struct peers_entry *e =
            peers_list_find(again, peers->list[i].name);

        ck_assert_ptr_nonnull(e);
        ck_assert_str_eq(e->secret, peers->list[i].secret);
        ck_assert_uint_eq(e->address.port, 65535);
    }
    snprintf(path, sizeof(path), "%s/" PEERS_FILE_NAME, dir);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    unlink(path);
    rmdir(dir);
    free(peers);
    free(again);
}
END_TEST

static void
add(TCase *tests)
{
    UNIT_ADD_ROWS(tests, test_addresses, address_rows);
    UNIT_ADD_ROWS(tests, test_files, file_rows);
    tcase_add_test(tests, test_as_many_as_there_can_be_come_back);
}

int
main(void)
{
    return unit_run("peers_file", add);
}
