/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The structs of a recording. */
#ifndef RECORD_TABLES_H
#define RECORD_TABLES_H

#include "guest.h"
#include "host-view.h"
#include "record-text.h"
#include "reserve.h"
#include "tuning.h"

/* What was set for a domain. */
struct record_set {
    uint32_t weight;
    uint64_t pin_kib;
    char engine[SETTINGS_ENGINE_SIZE];
};

/* As a new domain begins, and as one is now. */
extern const struct record_set record_unset;
struct record_set record_set_of(const struct guest *g);
void record_set_guest(const struct record_set *set, struct guest *g);

extern const struct record_table record_tuning;      /* struct tuning */
extern const struct record_table record_memory;      /* struct host_memory */
extern const struct record_table record_domain;      /* struct host_domain */
extern const struct record_table record_settings;    /* struct record_set */
extern const struct record_table record_guest;       /* struct guest */
extern const struct record_table record_reservation; /* struct reservation */

#endif
