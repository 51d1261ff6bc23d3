/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a recording, and gives up rather than to bother the daemon. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "record-out.h"
#include "record-text.h"

/* One file after the other: who reads path.old is left alone. */
static void
keep_old(const char *path)
{
    char old[RECORD_PATH_SIZE + 8];

    snprintf(old, sizeof(old), "%s.old", path);
    if (rename(path, old) < 0 && errno != ENOENT)
        log_warn(errno, "%s cannot be renamed; it is written anew", path);
}

int
record_out_open(struct record_out *out)
{
    record_out_close(out);
    keep_old(out->path);
    out->written = 0;
    out->fd = open(out->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return out->fd < 0 ? -errno : 0;
}

void
record_out_give_up(struct record_out *out, const char *why)
{
    if (out->is_broken)
        return;
    out->is_broken = true;
    log_warnx("decisions are no longer recorded in %s: %s", out->path, why);
    out->n = 0;
    record_out_close(out);
}

void
record_out_flush(struct record_out *out)
{
    size_t done = 0;

    while (out->fd >= 0 && done < out->n) {
        ssize_t n = write(out->fd, out->buffer + done, out->n - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            record_out_give_up(out, strerror(errno));
            return;
        }
        done += (size_t)n;
    }
    out->written += done;
    out->n = 0;
}

void
record_out_line(struct record_out *out, const char *format, ...)
{
    va_list args;
    int length;

    if (out->fd < 0)
        return;
    if (out->n + RECORD_LINE_SIZE > sizeof(out->buffer))
        record_out_flush(out);
    va_start(args, format);
    length = vsnprintf(out->buffer + out->n, RECORD_LINE_SIZE, format, args);
    va_end(args);
    if (length < 0 || length >= RECORD_LINE_SIZE) {
        record_out_give_up(out, "a line is too long");
        return;
    }
    out->n += (size_t)length;
    out->buffer[out->n++] = '\n';
}

void
record_out_close(struct record_out *out)
{
    record_out_flush(out);
    if (out->fd >= 0)
        close(out->fd);
    out->fd = -1;
}
