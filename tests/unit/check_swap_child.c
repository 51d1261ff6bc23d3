/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deeds done by a service behind a socket, or by a child if there is none. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "rswap-serve.h"
#include "swap-child.h"
#include "unit.h"

#define UUID "8a1cf00d-1111-4222-8333-444455556666"
/* Only a failure takes so long. */
#define DEADLINE_S 20

struct place {
    char directory[32];
    char socket[64];
    char program[64];
    struct event_base *base;
    struct swap_run *run;
    struct swap_volume volume;
    bool has_news;
};

static void
on_news(void *arg)
{
    struct place *place = arg;

    place->has_news = true;
    event_base_loopbreak(place->base);
}

/* The program says that it is one, and busy. */
static void
write_program(const char *path)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs("#!/bin/sh\necho '{\"error\":\"busy\",\"message\":\"child\"}'\n",
          file);
    fclose(file);
    chmod(path, 0700);
}

static void
place_open(struct place *place)
{
    struct swap_child_config config = {
        .news = on_news,
        .news_arg = place,
        .program = place->program,
        .socket = place->socket,
    };

    *place = (struct place){ .directory = "/tmp/swap-child.XXXXXX" };
    ck_assert_ptr_nonnull(mkdtemp(place->directory));
    snprintf(place->socket, sizeof(place->socket), "%s/sock", place->directory);
    snprintf(place->program, sizeof(place->program), "%s/program",
             place->directory);
    write_program(place->program);
    place->base = event_base_new();
    config.base = place->base;
    place->run = swap_child_new(&config);
    ck_assert_ptr_nonnull(place->run);
    snprintf(place->volume.uuid, sizeof(place->volume.uuid), UUID);
    place->volume.deed = VOLUME_DO_LOOK;
}

static void
place_close(struct place *place)
{
    place->run->ops->free(place->run);
    event_base_free(place->base);
    unlink(place->socket);
    unlink(place->program);
    rmdir(place->directory);
}

static int
listen_at(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address,
                          sizeof(address)),
                     0);
    ck_assert_int_eq(listen(fd, 4), 0);
    return fd;
}

/* What systemd and rswap-attach do. */
static void
serve(int listen_fd, bool has_answer)
{
    static const char answer[] =
        "{\"error\":\"busy\",\"message\":\"service\"}\n";
    static struct rswap_request request;
    int fd = accept(listen_fd, NULL, NULL);

    rswap_serve(fd, &request);
    if (request.argc != 3 || strcmp(request.argv[1], "status") != 0 ||
        strcmp(request.argv[2], "volume=" UUID) != 0)
        _exit(2);
    if (has_answer && write(fd, answer, sizeof(answer) - 1) > 0)
        _exit(1);
    alarm(DEADLINE_S);
    for (;;)
        pause();
}

static pid_t
start_service(struct place *place, bool has_answer)
{
    int fd = listen_at(place->socket);
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        serve(fd, has_answer);
    close(fd);
    return pid;
}

static void
expect_answer(struct place *place, const char *message)
{
    const struct timeval limit = { .tv_sec = DEADLINE_S };
    struct swap_answer answer;

    event_base_loopexit(place->base, &limit);
    event_base_dispatch(place->base);
    ck_assert(place->has_news);
    ck_assert(place->run->ops->next(place->run, &answer));
    ck_assert_str_eq(answer.volume, UUID);
    ck_assert_str_eq(answer.code, "busy");
    ck_assert_str_eq(answer.error, message);
    ck_assert(!place->run->ops->next(place->run, &answer));
}

START_TEST(test_a_service_is_asked)
{
    struct place place;
    int status = 0;
    pid_t pid;

    place_open(&place);
    pid = start_service(&place, true);
    ck_assert_int_eq(place.run->ops->begin(place.run, &place.volume), 0);
    expect_answer(&place, "service");
    waitpid(pid, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    place_close(&place);
}
END_TEST

START_TEST(test_a_child_is_run_if_there_is_no_service)
{
    struct place place;

    place_open(&place);
    ck_assert_int_eq(place.run->ops->begin(place.run, &place.volume), 0);
    expect_answer(&place, "child");
    /* There was one. */
    close(listen_at(place.socket));
    ck_assert_int_eq(place.run->ops->begin(place.run, &place.volume), 0);
    expect_answer(&place, "child");
    place_close(&place);
}
END_TEST

START_TEST(test_a_service_ends_when_nobody_wants_its_answer)
{
    struct place place;
    int status = 0;
    pid_t pid;

    place_open(&place);
    pid = start_service(&place, false);
    ck_assert_int_eq(place.run->ops->begin(place.run, &place.volume), 0);
    /* The first one's answer is no news, and it does not go on. */
    unlink(place.socket);
    ck_assert_int_eq(place.run->ops->begin(place.run, &place.volume), 0);
    expect_answer(&place, "child");
    waitpid(pid, &status, 0);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGIO);
    place_close(&place);
}
END_TEST

START_TEST(test_a_service_ends_with_the_daemon)
{
    struct place place;
    int status = 0;
    pid_t pid;

    place_open(&place);
    pid = start_service(&place, false);
    ck_assert_int_eq(place.run->ops->begin(place.run, &place.volume), 0);
    place_close(&place);
    waitpid(pid, &status, 0);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGIO);
}
END_TEST

static const struct {
    const char *text;
    int argc;
} requests[] = {
    { "", 1 },         { "\n", 1 },           { "list", 1 }, { "list\n", 1 },
    { "list\n\n", 2 }, { "a\nb=c d\n\n", 3 }, { "a\nb", 1 }, { "a\n\nb\n", 1 },
};

START_TEST(test_a_request_has_words_only_if_it_has_an_end)
{
    static struct rswap_request request;
    const char *text = requests[_i].text;
    int fds[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    ck_assert_int_ge(write(fds[0], text, strlen(text)), 0);
    shutdown(fds[0], SHUT_WR);
    rswap_serve(fds[1], &request);
    ck_assert_int_eq(request.argc, requests[_i].argc);
    ck_assert_ptr_null(request.argv[request.argc]);
    /* This one first: its peer is not to end us. */
    close(fds[1]);
    close(fds[0]);
}
END_TEST

static void
add_tests(TCase *tests)
{
    tcase_add_test(tests, test_a_service_is_asked);
    tcase_add_test(tests, test_a_child_is_run_if_there_is_no_service);
    tcase_add_test(tests, test_a_service_ends_when_nobody_wants_its_answer);
    tcase_add_test(tests, test_a_service_ends_with_the_daemon);
    UNIT_ADD_ROWS(tests, test_a_request_has_words_only_if_it_has_an_end,
                  requests);
}

int
main(void)
{
    return unit_run("swap-child", add_tests);
}
