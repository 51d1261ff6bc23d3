/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of /proc that tell of memory, kept open and read again and again:
 * when memory is short nothing has to be looked up or allocated. */
#ifndef GUEST_PROC_READ_H
#define GUEST_PROC_READ_H

#include "proto/sample.h"

/* vmstat is the longest, with 5 KiB in Linux 6. */
#define PROC_TEXT_SIZE 16384

enum proc_file {
    PROC_MEMINFO,
    PROC_VMSTAT,
    PROC_PRESSURE,
    PROC_SWAPS,
    PROC_FILES,
};

struct proc {
    int fds[PROC_FILES]; /* -1: this kernel has no such file */
    char text[PROC_TEXT_SIZE];
};

/* Below dir, which is /proc but for tests.  0, or -errno if there is not even
 * meminfo. */
int proc_open(struct proc *p, const char *dir);
/* All but sequence and uptime.  0, or -errno if meminfo cannot be read. */
int proc_read(struct proc *p, struct sample *ret);
void proc_close(struct proc *p);

#endif
