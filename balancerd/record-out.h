/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines to a file of bounded size. */
#ifndef RECORD_OUT_H
#define RECORD_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_PATH_SIZE 256

struct record_out {
    char path[RECORD_PATH_SIZE];
    int fd;           /* -1: closed, for good if is_broken */
    bool is_broken;   /* and that was said */
    uint64_t written; /* to this file */
    size_t n;
    char buffer[65536]; /* not yet written */
};

/* A new file; what was there becomes path.old.  0 or -errno. */
int record_out_open(struct record_out *out);
void record_out_line(struct record_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* All lines so far are in the file.  Where that fails no more are taken. */
void record_out_flush(struct record_out *out);
/* No more lines; why, for the log. */
void record_out_give_up(struct record_out *out, const char *why);
void record_out_close(struct record_out *out);

#endif
