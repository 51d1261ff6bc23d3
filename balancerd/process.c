/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory lock, OOM score, journal: a daemon's place in the system. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "process.h"
#include "util/cleanup.h"
#include "util/parse.h"

/* systemd's value for what the system cannot do without. */
#define OOM_SCORE "-900"

/* systemd names the device and inode of the pipe that it reads. */
bool
process_logs_to_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    const char *colon = stream ? strchr(stream, ':') : NULL;
    uint64_t device, inode;
    struct stat status;

    return colon &&
           parse_u64_n(stream, (size_t)(colon - stream), 0, UINT64_MAX,
                       &device) == 0 &&
           parse_u64(colon + 1, 0, UINT64_MAX, &inode) == 0 &&
           fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
           status.st_ino == inode;
}

/* Only pages that are touched: most of the libraries never are.  Under a limit
 * a daemon's own growth would fail one day, which is worse than waiting. */
static void
lock_memory(void)
{
    const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

    if (setrlimit(RLIMIT_MEMLOCK, &none) < 0 ||
        mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
        log_warn(errno, "cannot lock this process's memory; it may be slow "
                        "when this system is short of memory");
}

static void
lower_oom_score(void)
{
    cleanup_close int fd =
        open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, OOM_SCORE, strlen(OOM_SCORE)) < 0)
        log_warn(errno, "cannot lower this process's OOM score; the kernel may "
                        "end it when this system is out of memory");
}

void
process_protect(void)
{
    lock_memory();
    lower_oom_score();
}
