/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reservation as one line of text, as it is kept in xenstore. */
#ifndef RESERVE_TEXT_H
#define RESERVE_TEXT_H

#include "reserve.h"

/* "state=granted kib=524288 ... owner=NAME": key=value words; owner and key
 * are limited to printable characters without blanks (reserve_name_is_good). */
void
reservation_format(const struct reservation *r, char text[RESERVE_TEXT_SIZE]);
/* 0 or -EINVAL (a word is missing, unknown or out of range); ret_r is
 * untouched on failure.  The id is the key's last component. */
int
reservation_parse(const char *id, const char *text, struct reservation *ret_r);

/* 1..63 characters of [A-Za-z0-9._:@+-]. */
bool reserve_name_is_good(const char *name);

#endif
