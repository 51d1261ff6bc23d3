/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads /proc into one buffer, file by file. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "proc-parse.h"
#include "proc-read.h"

static const struct {
    const char *path;
    void (*parse)(const char *text, struct sample *s);
} files[PROC_FILES] = {
    [PROC_MEMINFO] = { "meminfo", proc_parse_meminfo },
    [PROC_VMSTAT] = { "vmstat", proc_parse_vmstat },
    [PROC_PRESSURE] = { "pressure/memory", proc_parse_pressure },
    [PROC_SWAPS] = { "swaps", proc_parse_swaps },
};

int
proc_open(struct proc *p, const char *dir)
{
    int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r;

    if (dir_fd < 0)
        return -errno;
    for (int i = PROC_FILES - 1; i >= 0; i--)
        p->fds[i] = openat(dir_fd, files[i].path, O_RDONLY | O_CLOEXEC);
    r = p->fds[PROC_MEMINFO] < 0 ? -errno : 0;
    close(dir_fd);
    if (r < 0)
        proc_close(p);
    return r;
}

void
proc_close(struct proc *p)
{
    for (int i = 0; i < PROC_FILES; i++) {
        if (p->fds[i] >= 0)
            close(p->fds[i]);
        p->fds[i] = -1;
    }
}

/* The whole file, or as much as fits, from its beginning. */
static int
read_text(struct proc *p, enum proc_file file)
{
    size_t used = 0;
    ssize_t n;

    do {
        n = pread(p->fds[file], p->text + used, sizeof(p->text) - 1 - used,
                  (off_t)used);
        used += n > 0 ? (size_t)n : 0;
    } while (n > 0 && used < sizeof(p->text) - 1);
    p->text[used] = '\0';
    return n < 0 ? -errno : 0;
}

int
proc_read(struct proc *p, struct sample *ret)
{
    struct sample s;

    sample_init(&s);
    for (int i = 0; i < PROC_FILES; i++) {
        int r = read_text(p, (enum proc_file)i);

        /* A kernel may have the file of pressures and refuse to read it. */
        if (r == 0)
            files[i].parse(p->text, &s);
        else if (i == PROC_MEMINFO)
            return r;
    }
    *ret = s;
    return 0;
}
