/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The system's clocks, and time in libc's own shapes. */
#ifndef UTIL_CLOCK_H
#define UTIL_CLOCK_H

#include <stdint.h>
#include <sys/time.h>

#define CLOCK_TEXT_SIZE 40

/* Milliseconds since 1970. */
uint64_t clock_wall_ms(void);
/* Milliseconds since the system's start; stands still while it sleeps. */
uint64_t clock_monotonic_ms(void);
/* A signal may end it early. */
void clock_sleep_ms(uint64_t ms);
/* "2026-01-31T23:59:59.123+01:00": local time, as RFC 3339 has it.  Returns
 * text. */
const char *clock_text(char text[CLOCK_TEXT_SIZE], uint64_t wall_ms);
struct timeval clock_timeval(uint64_t time_ms);

#endif
