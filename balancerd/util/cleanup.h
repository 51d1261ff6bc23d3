/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variables that tidy up after themselves when they go out of scope. */
#ifndef UTIL_CLEANUP_H
#define UTIL_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* On a pointer that starts as NULL. */
#define cleanup_free __attribute__((cleanup(cleanup_free_pointer)))
/* On a file descriptor that starts as -1. */
#define cleanup_close __attribute__((cleanup(cleanup_close_fd)))
/* On a stream that starts as NULL. */
#define cleanup_fclose __attribute__((cleanup(cleanup_fclose_stream)))

static inline void
cleanup_free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

static inline void
cleanup_close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void
cleanup_fclose_stream(FILE **stream)
{
    if (*stream)
        fclose(*stream);
}

#endif
