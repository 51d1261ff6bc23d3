/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an NBD client can expect of a lease, said with libnbd.  Each case has a
 * name and is run by conform.sh with the URIs that it needs. */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libnbd.h>

#define PAGE 4096u
#define MIB  (1024u * 1024)

static void
die(const char *what)
{
    const char *why = nbd_get_error();

    fprintf(stderr, "%s: %s\n", what, why ? why : "is wrong");
    exit(EXIT_FAILURE);
}

static void
require(bool holds, const char *what)
{
    if (!holds)
        die(what);
}

static void
done(int r, const char *what)
{
    require(r >= 0, what);
}

/* The call failed, as the server said, with that errno. */
static void
fails(int r, int error, const char *what)
{
    if (r < 0 && nbd_get_errno() == error)
        return;
    fprintf(stderr, "%s: %s, errno %d instead of %d\n", what,
            r < 0 ? nbd_get_error() : "succeeds", nbd_get_errno(), error);
    exit(EXIT_FAILURE);
}

/* Requests go out as they are: the server is to judge them. */
static struct nbd_handle *
open_uri(const char *uri)
{
    struct nbd_handle *nbd = nbd_create();

    require(nbd != NULL, "nbd_create");
    done(nbd_set_strict_mode(nbd, 0), "strict mode");
    done(nbd_connect_uri(nbd, uri), uri);
    return nbd;
}

/* The same, of a lease whose last clients have just ended or died: a connection
 * ends when the server has seen that it has. */
static struct nbd_handle *
open_when_free(const char *uri)
{
    alarm(60);
    for (;;) {
        struct nbd_handle *nbd = nbd_create();

        require(nbd != NULL, "a handle is made");
        if (nbd_connect_uri(nbd, uri) == 0) {
            alarm(0);
            return nbd;
        }
        nbd_close(nbd);
    }
}

static void
fill(uint8_t *bytes, size_t length, uint8_t value)
{
    memset(bytes, value, length);
}

static bool
is_all(const uint8_t *bytes, size_t length, uint8_t value)
{
    size_t i;

    for (i = 0; i < length; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

static void
expect(struct nbd_handle *nbd, uint64_t offset, size_t length, uint8_t value)
{
    uint8_t *bytes = malloc(length);

    require(bytes != NULL, "memory");
    fill(bytes, length, (uint8_t)~value);
    done(nbd_pread(nbd, bytes, length, offset, 0), "read");
    require(is_all(bytes, length, value), "what is read");
    free(bytes);
}

/* --- cases ---------------------------------------------------------------- */

static void
case_features(char **uris)
{
    struct nbd_handle *nbd = open_uri(uris[0]);

    require(nbd_get_size(nbd) == 16 * MIB, "size");
    require(nbd_can_multi_conn(nbd) == 1, "multi-conn");
    require(nbd_can_trim(nbd) == 1, "trim");
    require(nbd_can_zero(nbd) == 1, "zero");
    require(nbd_can_fast_zero(nbd) == 1, "fast zero");
    require(nbd_can_flush(nbd) == 1, "flush");
    require(nbd_can_fua(nbd) == 1, "FUA");
    require(nbd_can_cache(nbd) == 1, "cache");
    require(nbd_is_read_only(nbd) == 0, "read-only");
    require(nbd_is_rotational(nbd) == 0, "rotational");
    require(nbd_get_block_size(nbd, LIBNBD_SIZE_PREFERRED) == PAGE,
            "preferred block size");
    nbd_close(nbd);
}

static void
case_data(char **uris)
{
    struct nbd_handle *nbd = open_uri(uris[0]);
    static uint8_t bytes[MIB];

    expect(nbd, 0, MIB, 0);
    fill(bytes, MIB, 0x5a);
    done(nbd_pwrite(nbd, bytes, MIB, 3 * MIB, LIBNBD_CMD_FLAG_FUA), "write");
    done(nbd_pwrite(nbd, bytes, 1, 5, 0), "write a byte");
    expect(nbd, 3 * MIB, MIB, 0x5a);
    expect(nbd, 5, 1, 0x5a);
    expect(nbd, 6, PAGE, 0);
    done(nbd_trim(nbd, MIB / 2, 3 * MIB, 0), "trim");
    expect(nbd, 3 * MIB, MIB / 2, 0);
    expect(nbd, 3 * MIB + MIB / 2, MIB / 2, 0x5a);
    done(nbd_zero(nbd, 100, 4 * MIB - 100, LIBNBD_CMD_FLAG_NO_HOLE), "zero");
    done(nbd_zero(nbd, PAGE, 4 * MIB - 2 * PAGE, LIBNBD_CMD_FLAG_FAST_ZERO),
         "fast zero");
    expect(nbd, 4 * MIB - 100, 100, 0);
    expect(nbd, 4 * MIB - PAGE, PAGE - 100, 0x5a);
    expect(nbd, 4 * MIB - 2 * PAGE, PAGE, 0);
    done(nbd_flush(nbd, 0), "flush");
    done(nbd_cache(nbd, MIB, 0, 0), "cache");
    done(nbd_zero(nbd, 16 * MIB, 0, 0), "zero all");
    expect(nbd, 0, 16 * MIB, 0);
    nbd_close(nbd);
}

static void
case_bounds(char **uris)
{
    struct nbd_handle *nbd = open_uri(uris[0]);
    static uint8_t bytes[2 * PAGE];
    static const uint64_t ends[] = {
        16 * MIB,
        16 * MIB - PAGE,
        UINT64_MAX - PAGE,
        UINT64_C(1) << 62,
    };
    size_t i;

    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        fails(nbd_pread(nbd, bytes, 2 * PAGE, ends[i], 0), EINVAL, "read");
        fails(nbd_pwrite(nbd, bytes, 2 * PAGE, ends[i], 0), ENOSPC, "write");
        fails(nbd_trim(nbd, 2 * PAGE, ends[i], 0), EINVAL, "trim");
        fails(nbd_zero(nbd, 2 * PAGE, ends[i], 0), ENOSPC, "zero");
    }
    expect(nbd, 16 * MIB - PAGE, PAGE, 0);
    nbd_close(nbd);
}

/* A lease of 16 MiB with a quota of 1 MiB. */
static void
case_quota(char **uris)
{
    struct nbd_handle *nbd = open_uri(uris[0]);
    static uint8_t bytes[MIB];

    fill(bytes, MIB, 1);
    done(nbd_pwrite(nbd, bytes, MIB, 8 * MIB, 0), "write within the quota");
    fails(nbd_pwrite(nbd, bytes, PAGE, 0, 0), ENOSPC, "write beyond it");
    done(nbd_pwrite(nbd, bytes, PAGE, 8 * MIB, 0), "write over");
    done(nbd_trim(nbd, PAGE, 8 * MIB, 0), "trim");
    done(nbd_pwrite(nbd, bytes, PAGE, 0, 0), "write after the trim");
    fails(nbd_pwrite(nbd, bytes, PAGE, MIB, 0), ENOSPC,
          "write beyond it again");
    expect(nbd, 0, PAGE, 1);
    expect(nbd, MIB, PAGE, 0);
    nbd_close(nbd);
}

static void
case_refused(char **uris)
{
    struct nbd_handle *nbd = nbd_create();

    require(nbd != NULL, "nbd_create");
    fails(nbd_connect_uri(nbd, uris[0]), ENOENT, "a name that is none");
    nbd_close(nbd);
}

/* The server takes 4 connections to a lease; others' are not touched.  Clients
 * before this one may just have died. */
static void
case_connections(char **uris)
{
    struct nbd_handle *nbd[4];
    struct nbd_handle *more = nbd_create();
    size_t i;

    for (i = 0; i < 4; i++)
        nbd[i] = open_when_free(uris[0]);
    require(more != NULL && nbd_connect_uri(more, uris[0]) < 0,
            "a fifth connection is refused");
    nbd_close(more);
    nbd_close(open_uri(uris[1]));
    expect(nbd[3], 15 * MIB, PAGE, 0);
    for (i = 0; i < 4; i++)
        nbd_close(nbd[i]);
    nbd_close(open_when_free(uris[0]));
}

/* What one connection has written, and flushed, all others read. */
static void
case_coherent(char **uris)
{
    struct nbd_handle *one = open_uri(uris[0]);
    struct nbd_handle *two = open_uri(uris[0]);
    static uint8_t bytes[64 * 1024];
    unsigned int i;

    for (i = 1; i < 200; i++) {
        fill(bytes, sizeof(bytes), (uint8_t)i);
        done(nbd_pwrite(i % 2 ? one : two, bytes, sizeof(bytes), 4 * MIB - 8192,
                        0),
             "write");
        expect(i % 2 ? two : one, 4 * MIB - 8192, sizeof(bytes), (uint8_t)i);
    }
    nbd_close(one);
    nbd_close(two);
}

/* Waits to be killed with requests under way, some only half sent. */
static void
be_killed(const char *uri)
{
    static uint8_t bytes[8 * MIB];
    struct nbd_handle *nbd = open_when_free(uri);
    unsigned int i;

    fill(bytes, sizeof(bytes), 2);
    for (i = 0; i < 64; i++)
        nbd_aio_pwrite(nbd, bytes, sizeof(bytes), 0, NBD_NULL_COMPLETION, 0);
    for (;;)
        nbd_poll(nbd, -1);
}

/* The killed client's page is old or new, and the lease works on. */
static void
case_killed(char **uris)
{
    static uint8_t bytes[PAGE];
    unsigned int i;

    for (i = 0; i < 10; i++) {
        pid_t child = fork();
        struct nbd_handle *nbd;

        require(child >= 0, "fork");
        if (child == 0)
            be_killed(uris[0]);
        usleep(5000 * (i + 1));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        nbd = open_when_free(uris[0]);
        done(nbd_pread(nbd, bytes, PAGE, 0, 0), "read after the kill");
        require(is_all(bytes, PAGE, bytes[0]), "a page is whole");
        fill(bytes, PAGE, (uint8_t)(100 + i));
        done(nbd_pwrite(nbd, bytes, PAGE, 12 * MIB, 0), "write after the kill");
        expect(nbd, 12 * MIB, PAGE, (uint8_t)(100 + i));
        nbd_close(nbd);
    }
}

/* Says when it is connected, waits for a line, and finds its lease ended. */
static void
case_ended(char **uris)
{
    struct nbd_handle *nbd = open_uri(uris[0]);
    static uint8_t bytes[PAGE];
    char line[16];

    expect(nbd, 0, PAGE, 0);
    puts("connected");
    fflush(stdout);
    require(fgets(line, sizeof(line), stdin) != NULL, "a line");
    fails(nbd_pread(nbd, bytes, PAGE, 0, 0), ESHUTDOWN, "read");
    fails(nbd_pwrite(nbd, bytes, PAGE, 0, 0), ESHUTDOWN, "write");
    fails(nbd_trim(nbd, PAGE, 0, 0), ESHUTDOWN, "trim");
    nbd_close(nbd);
}

static const struct {
    const char *name;
    void (*run)(char **uris);
} cases[] = {
    { "features", case_features }, { "data", case_data },
    { "bounds", case_bounds },     { "quota", case_quota },
    { "refused", case_refused },   { "connections", case_connections },
    { "coherent", case_coherent }, { "killed", case_killed },
    { "ended", case_ended },
};

int
main(int argc, char **argv)
{
    size_t i;

    for (i = 0; argc > 2 && i < sizeof(cases) / sizeof(cases[0]); i++)
        if (strcmp(cases[i].name, argv[1]) == 0) {
            cases[i].run(argv + 2);
            return EXIT_SUCCESS;
        }
    fputs("usage: conform CASE URI...\n", stderr);
    return 2;
}
