/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers as people read them.  Each returns text. */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FORMAT_SIZE 64

struct json_object;

/* "512 MiB", or "524292 KiB (512.0 MiB)" where that is not all. */
const char *format_kib(char text[FORMAT_SIZE], uint64_t kib);
/* "512", rounded; "-" if nobody knows. */
const char *format_mib(char text[FORMAT_SIZE], uint64_t kib);
/* "583 s", "9.4 s". */
const char *format_ms(char text[FORMAT_SIZE], uint64_t ms);

/* The time of day in RFC 3339's form, to the second or to the millisecond:
 * "2026-01-31 23:59:59". */
#define FORMAT_TO_S  19
#define FORMAT_TO_MS 23
const char *
format_time(char text[FORMAT_SIZE], const char *time, size_t length);

/* A member in the shape of xe's: "memory_target_kib" is "memory-target"; its
 * value is in bytes.  For null "<unknown>" or nothing. */
const char *format_field_name(char text[FORMAT_SIZE], const char *member);
const char *format_field(char text[FORMAT_SIZE], const char *member,
                         struct json_object *value);
/* The same with the value as format_kib has it. */
const char *format_detail(char text[FORMAT_SIZE], const char *member,
                          struct json_object *value);
/* Prints a value among others that have commas between them, as xe does: its
 * own commas and backslashes have a backslash before them. */
void format_escaped(const char *text, FILE *out);

#endif
