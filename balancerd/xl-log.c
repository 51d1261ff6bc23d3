/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A logger that remembers one line. */
#include <config.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "xl-log.h"

static void __attribute__((format(printf, 5, 0)))
note(xentoollog_logger *logger, xentoollog_level level, int error,
     const char *context, const char *format, va_list args)
{
    struct xl_complaint *c = (struct xl_complaint *)logger;

    (void)error;
    (void)context;
    if (level >= XTL_ERROR && c->text[0] == '\0')
        vsnprintf(c->text, sizeof(c->text), format, args);
}

void
xl_complaint_init(struct xl_complaint *c)
{
    *c = (struct xl_complaint){ .logger = { .vmessage = note } };
}

int
xl_complain(struct xl_complaint *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (c->text[0] == '\0')
        vsnprintf(c->text, sizeof(c->text), format, args);
    va_end(args);
    return -EINVAL;
}
