/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks libc for the time, and what the time of day is called here. */
#include <config.h>

#include <stdio.h>
#include <time.h>

#include "util/clock.h"
#include "util/units.h"

#define US_PER_MS 1000u

uint64_t
clock_wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

uint64_t
clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

void
clock_sleep_ms(uint64_t ms)
{
    struct timespec pause = { .tv_sec = (time_t)(ms / MS_PER_S),
                              .tv_nsec = (long)(ms % MS_PER_S * NS_PER_MS) };

    nanosleep(&pause, NULL);
}

const char *
clock_text(char text[CLOCK_TEXT_SIZE], uint64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / MS_PER_S);
    char date[CLOCK_TEXT_SIZE / 2] = "";
    char zone[8] = ""; /* "+0100" */
    struct tm local;

    if (localtime_r(&seconds, &local)) {
        strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &local);
        strftime(zone, sizeof(zone), "%z", &local);
    }
    snprintf(text, CLOCK_TEXT_SIZE, "%s.%03u%.3s:%.2s", date,
             (unsigned)(wall_ms % MS_PER_S), zone, zone[0] ? zone + 3 : "");
    return text;
}

struct timeval
clock_timeval(uint64_t time_ms)
{
    return (struct timeval){
        .tv_sec = (time_t)(time_ms / MS_PER_S),
        .tv_usec = (suseconds_t)(time_ms % MS_PER_S * US_PER_MS),
    };
}
