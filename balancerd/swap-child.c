/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spawns children, or has them spawned; hears what they say, waits for their
 * end. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "log.h"
#include "swap-answer.h"
#include "swap-child.h"
#include "swap-service.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/units.h"

#define ANSWER_MAX 16384 /* a status has some 2 KiB */

struct child {
    TAILQ_ENTRY(child) link;
    struct children *all;
    char volume[PARSE_UUID_SIZE];
    enum volume_deed deed;
    pid_t pid; /* 0: it is a service's, and has ended when it is silent */
    int fd;
    struct event *heard;
    struct event *deadline;
    bool is_late;     /* it was ended because it took too long */
    bool is_unwanted; /* nobody asks for its answer any more */
    bool is_silent;   /* and will be for ever */
    bool has_ended;
    size_t used;
    char text[ANSWER_MAX];
};

struct children {
    struct swap_run base;
    struct swap_child_config config;
    struct event *sigchld;
    TAILQ_HEAD(, child) list;
};

static void
free_child(struct child *c)
{
    TAILQ_REMOVE(&c->all->list, c, link);
    if (c->heard)
        event_free(c->heard);
    if (c->deadline)
        event_free(c->deadline);
    if (c->fd >= 0)
        close(c->fd);
    free(c);
}

static void
forget_event(struct event *event)
{
    if (event)
        event_del(event);
}

/* What does not fit is no answer any more. */
static void
hear(struct child *c)
{
    char more[1024];
    ssize_t n;

    while ((n = read(c->fd, more, sizeof(more))) > 0) {
        size_t kept = min_u64((uint64_t)n, sizeof(c->text) - c->used);

        memcpy(c->text + c->used, more, kept);
        c->used += kept;
    }
    c->is_silent = n == 0 || errno != EAGAIN;
    if (c->is_silent) /* or it would be readable for ever */
        forget_event(c->heard);
}

static void
conclude(struct child *c)
{
    struct children *all = c->all;

    c->has_ended = true;
    forget_event(c->heard);
    forget_event(c->deadline);
    if (c->is_unwanted)
        free_child(c);
    else
        all->config.news(all->config.news_arg);
}

static void
on_heard(evutil_socket_t fd, short what, void *arg)
{
    struct child *c = arg;

    (void)fd;
    (void)what;
    hear(c);
    if (c->is_silent && c->pid == 0)
        conclude(c);
}

/* A service hears that we are gone. */
static void
end_child(struct child *c)
{
    if (c->pid > 0)
        kill(c->pid, SIGKILL);
    else
        shutdown(c->fd, SHUT_RDWR);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct child *c = arg;

    (void)fd;
    (void)what;
    c->is_late = true;
    end_child(c);
}

static bool
is_gone(const struct child *c)
{
    int status;

    return c->pid > 0 && !c->has_ended &&
           waitpid(c->pid, &status, WNOHANG) != 0;
}

static void
on_sigchld(evutil_socket_t signal, short what, void *arg)
{
    struct children *all = arg;
    struct child *c, *next;

    (void)signal;
    (void)what;
    for (c = TAILQ_FIRST(&all->list); c; c = next) {
        next = TAILQ_NEXT(c, link);
        if (!is_gone(c))
            continue;
        hear(c);
        conclude(c);
    }
}

/* Ignored signals and the daemon's own limits are not for others. */
static int
spawn(const struct swap_child_args *args, int output_fd, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    int r;

    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                     O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
    r = posix_spawn(ret_pid, args->argv[0], &actions, &attributes,
                    (char *const *)(uintptr_t)args->argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return -r;
}

static int
start_child(struct child *c, const struct swap_child_args *args)
{
    int fds[2], r;

    if (pipe2(fds, O_CLOEXEC) < 0)
        return -errno;
    c->fd = fds[0];
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    r = spawn(args, fds[1], &c->pid);
    close(fds[1]);
    return r;
}

static int
start(struct child *c, const struct swap_volume *v)
{
    cleanup_free struct swap_child_args *args = malloc(sizeof(*args));
    int r;

    if (!args)
        return -ENOMEM;
    swap_child_args(args, c->all->config.program, v);
    r = swap_service_ask(c->all->config.socket, args, &c->fd);
    return r == -ENOENT || r == -ECONNREFUSED ? start_child(c, args) : r;
}

static int
watch(struct child *c)
{
    const struct timeval limit = clock_timeval(volume_deed_limit_ms(c->deed));
    struct event_base *base = c->all->config.base;

    c->heard = event_new(base, c->fd, EV_READ | EV_PERSIST, on_heard, c);
    c->deadline = evtimer_new(base, on_deadline, c);
    return c->heard && c->deadline && event_add(c->heard, NULL) == 0 &&
                   event_add(c->deadline, &limit) == 0
               ? 0
               : -ENOMEM;
}

/* It may be killed at any instant, and the next one waits for what it left
 * running. */
static void
end_others(struct children *all, const char *volume)
{
    struct child *c, *next;

    for (c = TAILQ_FIRST(&all->list); c; c = next) {
        next = TAILQ_NEXT(c, link);
        if (strcmp(c->volume, volume) != 0)
            continue;
        c->is_unwanted = true;
        if (c->has_ended)
            free_child(c);
        else
            end_child(c);
    }
}

static int
child_begin(struct swap_run *run, const struct swap_volume *v)
{
    struct children *all = (struct children *)run;
    struct child *c = calloc(1, sizeof(*c));
    int r;

    if (!c)
        return -ENOMEM;
    end_others(all, v->uuid);
    c->all = all;
    c->fd = -1;
    c->deed = v->deed;
    memcpy(c->volume, v->uuid, sizeof(c->volume));
    TAILQ_INSERT_TAIL(&all->list, c, link);
    r = start(c, v);
    if (r < 0) {
        log_warn(-r, "cannot run %s", all->config.program);
        free_child(c);
        return r;
    }
    r = watch(c);
    if (r < 0 && c->pid > 0)
        c->is_unwanted = true; /* it ends by itself */
    else if (r < 0)
        free_child(c);
    return r;
}

static void
answer(const struct child *c, struct swap_answer *ret)
{
    if (c->is_late)
        swap_answer_fail(ret, "system", "rswap-attach %s took longer than %u s",
                         volume_deed_command(c->deed),
                         (unsigned)(volume_deed_limit_ms(c->deed) / MS_PER_S));
    else
        swap_answer_parse(c->text, c->used, ret);
    memcpy(ret->volume, c->volume, sizeof(ret->volume));
}

static bool
child_next(struct swap_run *run, struct swap_answer *ret)
{
    struct children *all = (struct children *)run;
    struct child *c;

    TAILQ_FOREACH(c, &all->list, link) {
        if (!c->has_ended || c->is_unwanted)
            continue;
        answer(c, ret);
        free_child(c);
        return true;
    }
    return false;
}

static bool
child_is_degraded(struct swap_run *run, const char *device)
{
    const char *name = strrchr(device, '/');
    cleanup_close int fd = -1;
    char path[128], word = '0';

    (void)run;
    snprintf(path, sizeof(path), "/sys/block/%s/md/degraded",
             name ? name + 1 : "");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && read(fd, &word, 1) == 1 && word != '0';
}

static void
child_free(struct swap_run *run)
{
    struct children *all = (struct children *)run;
    struct child *c;

    while ((c = TAILQ_FIRST(&all->list)))
        free_child(c);
    if (all->sigchld)
        event_free(all->sigchld);
    free(all);
}

struct swap_run *
swap_child_new(const struct swap_child_config *config)
{
    static const struct swap_run_ops ops = {
        .begin = child_begin,
        .next = child_next,
        .is_degraded = child_is_degraded,
        .free = child_free,
    };
    struct children *all = calloc(1, sizeof(*all));

    if (!all)
        return NULL;
    all->base.ops = &ops;
    all->config = *config;
    TAILQ_INIT(&all->list);
    all->sigchld = evsignal_new(config->base, SIGCHLD, on_sigchld, all);
    if (!all->sigchld || event_add(all->sigchld, NULL) < 0) {
        child_free(&all->base);
        return NULL;
    }
    return &all->base;
}
