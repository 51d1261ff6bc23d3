/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happens is told here, once: to the log and to those who ask for events.
 * The kind of an event is also its level in the log.
 */
#ifndef NOTE_H
#define NOTE_H

#include "events.h"

struct balancer;
struct guest;
struct reservation;
struct settings;
struct step;

/* About nobody in particular. */
void note(struct balancer *b, enum events_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* About a domain; the log puts "dom 7: " before the sentence. */
void
note_guest(struct balancer *b, enum events_kind kind, const struct guest *g,
           const char *format, ...) __attribute__((format(printf, 4, 5)));
/* About a reservation: "reservation ID of OWNER " comes before the rest. */
void note_reservation(struct balancer *b, enum events_kind kind,
                      const struct reservation *r, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Its target was written. */
void
note_target(struct balancer *b, const struct guest *g, const struct step *step);
/* What it is called now and was before: static texts. */
void note_state(struct balancer *b, const struct guest *g, const char *old,
                const char *new);
/* About what is kept for a domain, which may run, or not (NULL). */
void note_settings(struct balancer *b, const struct settings *s,
                   const struct guest *g, const char *what);
/* The facts of e, but time and sentence, which are filled in. */
void note_entry(struct balancer *b, struct events_entry *e, const char *format,
                ...) __attribute__((format(printf, 3, 4)));

#endif
