/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes xenstore keys as fast as asked, from dom0 or from within a guest:
 *
 *   flood RATE_PER_S SECONDS KEY...
 *
 * Rate 0 is as fast as it goes.  The keys take turns, the values change all
 * the time.  Speaks the wire protocol itself and sends many requests before
 * it reads the answers: a library call for each write is several times slower.
 * At the end: writes=N refused=N per_s=N
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

#define SOCKET_PATH "/run/xenstored/socket"
#define DEVICE_PATH "/dev/xen/xenbus"
#define US_PER_S    UINT64_C(1000000)
#define MAX_BATCH   50u
#define BATCH_US    20000u /* requests of that long a time go out together */

struct flood {
    int fd;
    uint64_t sent, refused;
};

static uint64_t
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * US_PER_S + (uint64_t)t.tv_nsec / 1000;
}

static void
sleep_us(uint64_t us)
{
    struct timespec t = { .tv_sec = (time_t)(us / US_PER_S),
                          .tv_nsec = (long)(us % US_PER_S) * 1000 };

    nanosleep(&t, NULL);
}

/* In dom0 the daemon's socket, in a guest the kernel's device. */
static int
store_open(void)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX,
                                .sun_path = SOCKET_PATH };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return open(DEVICE_PATH, O_RDWR | O_CLOEXEC);
}

static void
die(const char *what)
{
    perror(what);
    exit(2);
}

static bool
read_all(int fd, void *data, size_t size)
{
    ssize_t n;

    while (size > 0) {
        n = read(fd, data, size);
        if (n <= 0 && !(n < 0 && errno == EINTR))
            return false;
        if (n > 0) {
            data = (char *)data + n;
            size -= (size_t)n;
        }
    }
    return true;
}

/* One request: header, path, NUL, value.  One write() for each, because the
 * device takes no more than one. */
static void
send_write(struct flood *f, const char *key)
{
    struct xsd_sockmsg head = { .type = XS_WRITE };
    char data[sizeof(head) + XENSTORE_ABS_PATH_MAX + 32];
    int n = snprintf(data + sizeof(head), sizeof(data) - sizeof(head),
                     "%s%c%" PRIu64, key, '\0', 100000 + f->sent % 1000);

    if (n < 0 || (size_t)n > sizeof(data) - sizeof(head))
        die("flood: key");
    head.len = (uint32_t)n;
    memcpy(data, &head, sizeof(head));
    if (write(f->fd, data, sizeof(head) + head.len) !=
        (ssize_t)(sizeof(head) + head.len))
        die("flood: write");
    f->sent++;
}

static void
read_answer(struct flood *f)
{
    struct xsd_sockmsg head;
    char text[XENSTORE_PAYLOAD_MAX];

    if (!read_all(f->fd, &head, sizeof(head)) || head.len > sizeof(text) ||
        !read_all(f->fd, text, head.len))
        die("flood: read");
    if (head.type == XS_ERROR)
        f->refused++;
}

/* How many are due now, at most a batch. */
static uint64_t
due(const struct flood *f, uint64_t rate, uint64_t elapsed_us)
{
    uint64_t n = elapsed_us * rate / US_PER_S + 1;

    if (!rate)
        return MAX_BATCH;
    n = n > f->sent ? n - f->sent : 0;
    return n < MAX_BATCH ? n : MAX_BATCH;
}

int
main(int argc, char **argv)
{
    struct flood f = { .fd = store_open() };
    uint64_t keys = argc > 3 ? (uint64_t)argc - 3 : 0;
    uint64_t rate, start_us, length_us, elapsed_us, i, n;

    if (f.fd < 0 || !keys) {
        fputs("usage: flood RATE_PER_S SECONDS KEY...\n", stderr);
        return 2;
    }
    rate = strtoull(argv[1], NULL, 10);
    length_us = strtoull(argv[2], NULL, 10) * US_PER_S;
    start_us = now_us();
    while ((elapsed_us = now_us() - start_us) < length_us) {
        n = due(&f, rate, elapsed_us);
        for (i = 0; i < n; i++)
            send_write(&f, argv[3 + f.sent % keys]);
        for (i = 0; i < n; i++)
            read_answer(&f);
        if (rate && n < MAX_BATCH)
            sleep_us(BATCH_US);
    }
    printf("writes=%" PRIu64 " refused=%" PRIu64 " per_s=%" PRIu64 "\n",
           f.sent - f.refused, f.refused,
           (f.sent - f.refused) * US_PER_S / (now_us() - start_us));
    close(f.fd);
    return 0;
}
