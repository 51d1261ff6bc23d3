/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Strict parsing of text that somebody else wrote.  The whole text has to be
 * of the form: no blanks around it, no sign, nothing after it.  0, -EINVAL
 * (another form) or -ERANGE (too small, too big); results are untouched on
 * failure.  NULL is -EINVAL.
 */
#ifndef UTIL_PARSE_H
#define UTIL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARSE_UUID_SIZE  37 /* 36 characters and a NUL */
#define PARSE_ERROR_SIZE 256

/* Decimal digits; min <= value <= max. */
int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret);
/* The same for text that is not terminated. */
int parse_u64_n(const char *text, size_t length, uint64_t min, uint64_t max,
                uint64_t *ret);
/* Hexadecimal digits in lower case, at most 8. */
int parse_hex_n(const char *text, size_t length, uint32_t *ret);

/* xe's sizes: an integer, an optional blank, an optional binary suffix of b,
 * k, m, g, t (also bytes, kb, kib, ...) in either case; without one: bytes. */
int parse_size_bytes(const char *text, uint64_t *ret_bytes);
/* The same, a broken KiB counted as a whole one. */
int parse_size_kib(const char *text, uint64_t *ret_kib);
/* The same where amounts are KiB: a bare number counts those. */
int parse_kib(const char *text, uint64_t *ret_kib);

/* "500ms", "90" or "90s", "5m", "2h", "7d". */
int parse_duration_ms(const char *text, uint64_t *ret_ms);

/* "1", "1.5", "0.125": as a number of thousandths, further digits dropped. */
int parse_permille(const char *text, uint32_t *ret_permille);

/* yes, true, on, 1; no, false, off, 0; in either case. */
int parse_bool(const char *text, bool *ret);

/* 8-4-4-4-12 hexadecimal digits; the result is in lower case. */
int parse_uuid(const char *text, char ret_uuid[PARSE_UUID_SIZE]);

/* xe's sentences on a field that could not be parsed, got included. */
void parse_size_error(char error[PARSE_ERROR_SIZE], const char *field,
                      const char *got);
void parse_duration_error(char error[PARSE_ERROR_SIZE], const char *field,
                          const char *got);
void parse_u64_error(char error[PARSE_ERROR_SIZE], const char *field,
                     const char *got);

#endif
