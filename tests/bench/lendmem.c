/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests to a block server on this machine, so many at a time, for a while;
 * and a server that answers as many bytes without looking at them. */
#include <config.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/parse.h"
#include "wire/wire.h"

#define DEPTH_MAX 128
#define NS_PER_S  1000000000u
#define STRIDE    16

static const struct wire_protocol *const protocols[] = {
    &wire_nbd,
    &wire_raw,
    &wire_calls,
    &wire_iscsi,
};

static void
usage(void)
{
    fputs("usage: lendmem PROTOCOL PORT EXPORT read|write|fill\n"
          "               random|sequential|strided LENGTH DEPTH SIZE MS\n"
          "       lendmem serve\n"
          "Prints requests per second and microseconds per request.\n"
          "fill: the whole SIZE once; strided: each 16th block.\n"
          "serve: the raw server; prints its port.\n",
          stderr);
    exit(2);
}

static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* --- the raw server ------------------------------------------------------- */

/* One request; false: there is none. */
static bool
take_request(int fd, const struct wire_raw_greeting *g, uint8_t *bytes)
{
    if (g->in_head &&
        recv(fd, bytes, g->in_head, MSG_WAITALL) != (ssize_t)g->in_head)
        return false;
    return !g->in_data ||
           recv(fd, bytes, g->in_data, MSG_WAITALL) == (ssize_t)g->in_data;
}

static void
put_answer(int fd, const struct wire_raw_greeting *g, const uint8_t *bytes)
{
    struct wire w = { .fd = fd };
    int more = g->out_data ? MSG_MORE : 0;

    if (g->out_head)
        wire_require(send(fd, bytes, g->out_head, MSG_NOSIGNAL | more) ==
                         (ssize_t)g->out_head,
                     "send");
    wire_put(&w, bytes, g->out_data);
}

static void
echo(int fd)
{
    struct wire w = { .fd = fd };
    struct wire_raw_greeting greeting;
    uint8_t *bytes = malloc(WIRE_HEADER_MAX + WIRE_LENGTH_MAX);

    wire_require(bytes != NULL, "memory");
    wire_take(&w, &greeting, sizeof(greeting));
    while (take_request(fd, &greeting, bytes))
        put_answer(fd, &greeting, bytes);
    exit(EXIT_SUCCESS);
}

static void
serve(void)
{
    static const int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    wire_require(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 &&
                     listen(fd, 1) == 0,
                 "listen");
    getsockname(fd, (struct sockaddr *)&address, &size);
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int client = accept(fd, NULL, NULL);

        wire_require(client >= 0, "accept");
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (fork() == 0)
            echo(client);
        close(client);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

/* --- the client ----------------------------------------------------------- */

struct run {
    struct wire w;
    bool is_fill;
    bool is_random;
    uint64_t stride; /* in blocks */
    uint64_t depth;
    uint64_t size_bytes;
    uint64_t ns;
    uint64_t n_sent;
    uint64_t n_done;
    uint64_t seed;
};

static uint64_t
next_block(struct run *run)
{
    uint64_t n_blocks = run->size_bytes / run->w.shape.length;

    if (!run->is_random)
        return run->n_sent * run->stride % n_blocks;
    /* xorshift64 */
    run->seed ^= run->seed << 13;
    run->seed ^= run->seed >> 7;
    run->seed ^= run->seed << 17;
    return run->seed % n_blocks;
}

static void
send_one(struct run *run)
{
    struct wire_request r = run->w.shape;

    r.offset = next_block(run) * r.length;
    r.tag = (uint32_t)(run->n_sent % run->depth);
    wire_send(&run->w, &r);
    run->n_sent++;
}

static bool
goes_on(const struct run *run, uint64_t start_ns)
{
    if (run->is_fill)
        return run->n_sent * run->stride * run->w.shape.length <
               run->size_bytes;
    return now_ns() - start_ns < run->ns;
}

static void
play(struct run *run)
{
    uint64_t start_ns = now_ns();
    uint64_t took_ns;

    while (run->n_sent < run->depth)
        send_one(run);
    while (goes_on(run, start_ns)) {
        run->w.protocol->receive(&run->w);
        run->n_done++;
        send_one(run);
    }
    for (; run->n_done < run->n_sent; run->n_done++)
        run->w.protocol->receive(&run->w);
    took_ns = now_ns() - start_ns;
    printf("%.0f %.2f\n", (double)run->n_done * NS_PER_S / (double)took_ns,
           (double)took_ns / 1000 / (double)run->n_done);
}

static uint64_t
number(const char *text, uint64_t max)
{
    uint64_t n;

    if (parse_size_bytes(text, &n) < 0 || n == 0 || n > max)
        usage();
    return n;
}

static const struct wire_protocol *
protocol(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
        if (strcmp(protocols[i]->name, name) == 0)
            return protocols[i];
    usage();
    return NULL;
}

int
main(int argc, char **argv)
{
    struct run run = { .seed = (uint64_t)getpid() * 2654435761u + 1 };

    if (argc == 2 && strcmp(argv[1], "serve") == 0)
        serve();
    if (argc != 10)
        usage();
    run.w.protocol = protocol(argv[1]);
    run.is_fill = strcmp(argv[4], "fill") == 0;
    run.w.shape.is_write = strcmp(argv[4], "read") != 0;
    run.is_random = strcmp(argv[5], "random") == 0;
    run.stride = strcmp(argv[5], "strided") == 0 ? STRIDE : 1;
    run.w.shape.length = (uint32_t)number(argv[6], WIRE_LENGTH_MAX);
    run.depth = number(argv[7], DEPTH_MAX);
    run.size_bytes = number(argv[8], UINT64_C(1) << 40);
    run.ns = number(argv[9], 1000000) * 1000000;
    run.w.is_spinning = run.depth > 1;
    wire_open(&run.w, argv[2], argv[3]);
    play(&run);
    wire_close(&run.w);
    return EXIT_SUCCESS;
}
