/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libxl has to say, kept for whoever asked it. */
#ifndef XL_LOG_H
#define XL_LOG_H

#include <xentoollog.h>

/* The first thing that was wrong: what is said after it follows from it. */
struct xl_complaint {
    xentoollog_logger logger; /* first: libxl knows this part only */
    char text[512];
};

/* Ready to be given to libxl: &c->logger. */
void xl_complaint_init(struct xl_complaint *c);
/* Something of our own.  Returns -EINVAL. */
int xl_complain(struct xl_complaint *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
