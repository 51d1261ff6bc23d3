/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls a plugin on behalf of the daemon.  What goes wrong here ends this
 * process and no other. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "policy-code.h"
#include "policy-room.h"
#include "policy-serve.h"
#include "util/cleanup.h"

#define SERVICE_FD   (STDERR_FILENO + 1)
#define PROCESS_NAME "balancerd-plug" /* the kernel shows 15 characters */
#define OOM_SCORE    "0"

/* Without the daemon's descriptors a plugin that goes wild cannot write to
 * them by mistake. */
static void
keep_only(int fd)
{
    if (fd != SERVICE_FD && dup2(fd, SERVICE_FD) < 0)
        _exit(1);
    close_range(SERVICE_FD + 1, ~0u, 0);
}

/* The daemon's own is low because there is no other daemon. */
static void
reset_oom_score(void)
{
    cleanup_close int fd =
        open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    /* Where this fails the kernel looks at someone else first. */
    if (fd >= 0 && write(fd, OOM_SCORE, strlen(OOM_SCORE)) < 0)
        return;
}

/* It ends with the daemon, and when the daemon says so; not by the signals
 * that the service manager or the terminal sends to both. */
static void
settle(int fd, pid_t parent)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    prctl(PR_SET_NAME, PROCESS_NAME);
    keep_only(fd);
    reset_oom_score();
}

static void
copy(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

static int
open_plugin(struct policy_code *code, struct policy_room *room)
{
    int r = policy_code_open(code, room->path, room->text);

    if (r < 0)
        return r;
    copy(room->name, sizeof(room->name), code->engine.name);
    copy(room->version, sizeof(room->version), code->engine.version);
    copy(room->description, sizeof(room->description),
         code->engine.description);
    return 0;
}

static int
answer(struct policy_code *code, struct policy_room *room)
{
    switch (room->op) {
    case POLICY_OP_OPEN:
        return open_plugin(code, room);
    case POLICY_OP_CREATE:
        return policy_code_create(code, room->text);
    case POLICY_OP_CONFIG:
        return policy_code_config(code, room->key, room->value, room->text);
    case POLICY_OP_READY:
        return policy_code_ready(code, room->text);
    case POLICY_OP_PLAN:
        if (!code->engine.plan)
            return -ENOSYS;
        return code->engine.plan(code->ctx, &room->snapshot, room->wishes);
    case POLICY_OP_EXPLAIN:
        policy_code_explain(code, room->index, room->text, sizeof(room->text));
        return 0;
    }
    return -ENOSYS;
}

void
policy_serve(int fd, struct policy_room *room, pid_t parent)
{
    struct policy_code code = { 0 };
    policy_serial serial;
    ssize_t n;

    settle(fd, parent);
    for (;;) {
        n = recv(SERVICE_FD, &serial, sizeof(serial), 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != sizeof(serial))
            break;
        room->result = answer(&code, room);
        send(SERVICE_FD, &serial, sizeof(serial), MSG_NOSIGNAL);
    }
    policy_code_close(&code);
    _exit(0);
}
