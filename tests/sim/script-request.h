/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads lines like "5s = reserve db 1GiB wait 20s". */
#ifndef SCRIPT_REQUEST_H
#define SCRIPT_REQUEST_H

#include "script.h"

/* 0 or -EINVAL. */
int request_parse(struct request *ret, const char *when, const char *text);

#endif
