/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts failures into words. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "rswap-failure.h"

int
rswap_fail(struct rswap_failure *f, const char *code, const char *format, ...)
{
    va_list args;

    if (f->code)
        return -EIO;
    f->code = code;
    va_start(args, format);
    vsnprintf(f->message, sizeof(f->message), format, args);
    va_end(args);
    return -EIO;
}

int
rswap_fail_room(struct rswap_failure *f, const char *code, uint64_t needed_kib,
                uint64_t available_kib, const char *what)
{
    if (!f->code) {
        f->needed_kib = needed_kib;
        f->available_kib = available_kib;
    }
    return rswap_fail(f, code,
                      "%s has room for %" PRIu64 " KiB, %" PRIu64
                      " KiB are needed",
                      what, available_kib, needed_kib);
}
