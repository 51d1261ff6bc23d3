/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sd_notify(3) in a few lines: a datagram to the socket in the environment. */
#include <config.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

#define US_PER_MS 1000u

/* Best effort: a manager that does not hear READY=1 says so itself. */
static void
notify(const char *state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = getenv("NOTIFY_SOCKET");
    cleanup_close int fd = -1;
    size_t length;

    if (!path || (path[0] != '/' && path[0] != '@'))
        return;
    length = strlen(path);
    if (length >= sizeof(address.sun_path))
        return;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') /* an abstract name */
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        sendto(fd, state, strlen(state), MSG_NOSIGNAL,
               (const struct sockaddr *)&address,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
}

void
notify_ready(void)
{
    notify("READY=1");
}

void
notify_reloading(void)
{
    notify("RELOADING=1");
}

void
notify_stopping(void)
{
    notify("STOPPING=1");
}

void
notify_watchdog(void)
{
    notify("WATCHDOG=1");
}

uint64_t
notify_watchdog_ms(void)
{
    const char *pid_text = getenv("WATCHDOG_PID");
    uint64_t pid, timeout_us;

    if (pid_text && (parse_u64(pid_text, 1, UINT64_MAX, &pid) < 0 ||
                     pid != (uint64_t)getpid()))
        return 0; /* meant for another process */
    if (parse_u64(getenv("WATCHDOG_USEC"), 1, UINT64_MAX, &timeout_us) < 0)
        return 0;
    return max_u64(timeout_us / US_PER_MS, 1);
}
