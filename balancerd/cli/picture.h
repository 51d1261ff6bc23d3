/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The history as a picture: an SVG file of its own, without scripts, for any
 * browser.  Above, the host's memory and who has it; below, each domain's
 * target and what it held.
 */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;

/* The answer to host-memory-history format=svg. */
void picture_print(struct json_object *result, FILE *out);

/* --- for the files that it is made of --- */

#define PICTURE_WIDTH 1200u
#define PICTURE_LEFT  200u /* names and amounts stand before it */
#define PICTURE_RIGHT 1165u
/* More domains are one row, the sum of those that hold least. */
#define PICTURE_DOMAINS 24u

struct picture {
    FILE *out;
    size_t n;             /* rows */
    uint64_t *wall_ms;    /* theirs: of the end of each */
    uint64_t step_ms;     /* further apart than three of these is a gap */
    uint64_t begin_ms;    /* at the left ... */
    uint64_t end_ms;      /* ... and at the right */
    int64_t utc_offset_s; /* east of it */
    struct json_object *rows;
    struct json_object *events;
};

/* A strip of the picture with a scale of its own. */
struct panel {
    unsigned top; /* in pixels */
    unsigned height;
    uint64_t full_kib; /* at its top; not 0 */
};

/* Tenths of pixels. */
unsigned picture_x(const struct picture *p, uint64_t wall_ms);
unsigned picture_y(const struct panel *panel, uint64_t kib);

/* picture-steps.c: values[i] is the mean up to the end of row i, HOST_UNSET
 * where there is none. */
void picture_area(const struct picture *p, const struct panel *panel,
                  const uint64_t *values, const char *class);
void picture_line(const struct picture *p, const struct panel *panel,
                  const uint64_t *values, const char *class);
/* picture-axis.c */
void picture_times(const struct picture *p, unsigned top, unsigned bottom);
void picture_amounts(const struct picture *p, const struct panel *panel,
                     unsigned most_lines);
#define PICTURE_TIME_SIZE 24
enum picture_clock {
    PICTURE_MINUTE, /* "23:59" */
    PICTURE_SECOND, /* "23:59:59" */
    PICTURE_DAY,    /* "31 Jan" */
    PICTURE_ALL,    /* "2026-01-31 23:59:59" */
};
void picture_time(const struct picture *p, uint64_t wall_ms,
                  enum picture_clock clock, char text[PICTURE_TIME_SIZE]);
/* picture-events.c: marks of what happened to the domain with that uuid; NULL:
 * to none of those whose uuids are told to be drawn. */
void picture_marks(const struct picture *p, unsigned y, const char *uuid,
                   struct json_object *drawn);
/* Is it one of those? */
int picture_is_drawn(struct json_object *drawn, const char *uuid);
/* picture-domains.c: panels from there on; how high they are together. */
unsigned picture_domains_height(size_t n);
void picture_domains(const struct picture *p, struct json_object *vms,
                     unsigned top, struct json_object *drawn);

#endif
