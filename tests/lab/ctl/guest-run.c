/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Talks to a guest through its console (wire.h):
 *
 *   guest-run CONSOLE_LOG TIMEOUT_MS run CONSOLE_TTY COMMAND
 *   guest-run CONSOLE_LOG TIMEOUT_MS up UUID
 *
 * run: the command's output goes to stdout; the exit code is the command's, or
 * 125 if the guest did not answer.  up: waits until the guest serves.
 * No polling: on an emulated machine that would slow the guest we wait for.
 */

#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define EXIT_NO_ANSWER 125
#define READ_BYTES     65536u
#define MAX_REPEATS    10u

struct talk {
    int log, tty, notify;
    char id[WIRE_ID_BYTES];
    char *text; /* what the log gained since we asked */
    size_t size;
    unsigned int repeats;
};

static int64_t
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
talk_open(struct talk *t, const char *log)
{
    t->log = open(log, O_RDONLY | O_CLOEXEC);
    t->notify = inotify_init1(IN_CLOEXEC);
    return t->log >= 0 && t->notify >= 0 &&
           inotify_add_watch(t->notify, log, IN_MODIFY) >= 0;
}

/* From here on; what the log holds already is of former talks. */
static bool
talk_begin(struct talk *t, const char *tty)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(t->id, sizeof(t->id), "%d.%lld.%09ld", getpid(),
             (long long)now.tv_sec, now.tv_nsec);
    t->tty = open(tty, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    return t->tty >= 0 && lseek(t->log, 0, SEEK_END) >= 0;
}

static bool
talk_ask(struct talk *t, const char *command)
{
    char *encoded = wire_encode(command, strlen(command)), *line = NULL;
    int n = -1;

    if (encoded)
        n = asprintf(&line, "run %s =%s\n", t->id, encoded);
    free(encoded);
    return n >= 0 && wire_write(t->tty, line, (size_t)n) == 0;
}

static void
talk_say(struct talk *t, const char *verb)
{
    char line[WIRE_ID_BYTES + 16];

    snprintf(line, sizeof(line), "%s %s\n", verb, t->id);
    wire_write(t->tty, line, strlen(line));
}

/* Take in what the log has gained; false without memory. */
static bool
talk_read(struct talk *t)
{
    char *text;
    ssize_t n;

    do {
        text = realloc(t->text, t->size + READ_BYTES + 1);
        if (!text)
            return false;
        t->text = text;
        n = read(t->log, text + t->size, READ_BYTES);
        if (n > 0)
            t->size += (size_t)n;
        text[t->size] = '\0';
    } while (n > 0);
    return true;
}

/* The answer between "@lab " and "@"; NULL while it is not all there. */
static char *
talk_find(struct talk *t)
{
    char start[WIRE_ID_BYTES + 8], *begin, *end;

    snprintf(start, sizeof(start), "@lab %s ", t->id);
    begin = memmem(t->text, t->size, start, strlen(start));
    if (!begin)
        return NULL;
    begin += strlen("@lab ");
    end = strchr(begin, '@');
    if (!end)
        return NULL;
    *end = '\0';
    return begin;
}

/* "ID RC =BASE64 SUM": print the output; the exit code, or -1 if garbled. */
static int
answer_print(char *answer)
{
    char *sum = strrchr(answer, ' '), *rest = answer, *code;
    size_t size = 0;

    if (!sum ||
        strtoull(sum + 1, NULL, 16) != wire_sum(answer, (size_t)(sum - answer)))
        return -1;
    *sum = '\0';
    strsep(&rest, " ");
    code = strsep(&rest, " ");
    if (!rest || *rest != '=' || !wire_decode(rest + 1, &size))
        return -1;
    wire_write(STDOUT_FILENO, rest + 1, size);
    return (int)strtol(code, NULL, 10);
}

/* Until the log grows; false when the time is over. */
static bool
talk_sleep(struct talk *t, int64_t end_ms)
{
    struct pollfd wait = { .fd = t->notify, .events = POLLIN };
    char events[4096];
    int64_t left_ms = end_ms - now_ms();

    return left_ms > 0 && poll(&wait, 1, (int)left_ms) > 0 &&
           read(t->notify, events, sizeof(events)) >= 0;
}

/* One look at what arrived: the exit code, or -1 for nothing yet. */
static int
talk_check(struct talk *t)
{
    char *answer = t->size ? talk_find(t) : NULL;
    int code;

    if (!answer)
        return -1;
    code = answer_print(answer);
    talk_say(t, code < 0 ? "again" : "drop");
    t->size = 0;
    if (code < 0 && ++t->repeats > MAX_REPEATS)
        return EXIT_NO_ANSWER;
    return code;
}

static int
run_command(struct talk *t, const char *tty, const char *command,
            int64_t end_ms)
{
    int code;

    if (!talk_begin(t, tty) || !talk_ask(t, command)) {
        fprintf(stderr, "guest-run: %s: %s\n", tty, strerror(errno));
        return EXIT_NO_ANSWER;
    }
    do {
        if (!talk_read(t))
            return EXIT_NO_ANSWER;
        code = talk_check(t);
        if (code >= 0)
            return code;
    } while (talk_sleep(t, end_ms));
    fprintf(stderr, "guest-run: no answer to: %s\n", command);
    return EXIT_NO_ANSWER;
}

static int
await_up(struct talk *t, const char *uuid, int64_t end_ms)
{
    char line[WIRE_ID_BYTES + 16];

    snprintf(line, sizeof(line), "@lab up %s@", uuid);
    do {
        if (!talk_read(t))
            return EXIT_NO_ANSWER;
        if (memmem(t->text, t->size, line, strlen(line)))
            return 0;
    } while (talk_sleep(t, end_ms));
    return EXIT_NO_ANSWER;
}

int
main(int argc, char **argv)
{
    struct talk t = { .log = -1, .tty = -1, .notify = -1 };
    int64_t end_ms;

    if (argc < 5) {
        fputs("usage: guest-run LOG TIMEOUT_MS run TTY COMMAND | up UUID\n",
              stderr);
        return 2;
    }
    end_ms = now_ms() + strtol(argv[2], NULL, 10);
    if (!talk_open(&t, argv[1])) {
        fprintf(stderr, "guest-run: %s: %s\n", argv[1], strerror(errno));
        return EXIT_NO_ANSWER;
    }
    if (strcmp(argv[3], "up") == 0)
        return await_up(&t, argv[4], end_ms);
    if (strcmp(argv[3], "run") == 0 && argc == 6)
        return run_command(&t, argv[4], argv[5], end_ms);
    return 2;
}
