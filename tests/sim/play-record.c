/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of ticks, for people to look at. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "util/units.h"

/* A row shows no more domains than this. */
#define DOMAINS_MAX 8

static void
print_domain(struct play *p, const struct sim_guest *g, FILE *row)
{
    const struct guest *judged =
        guest_find(&p->balancer.guests, g->facts.domid);

    fprintf(row, " | %" PRIu32 ":", g->facts.domid);
    if (g->facts.target_kib == HOST_UNSET)
        fprintf(row, " -");
    else
        fprintf(row, " %" PRIu64, g->facts.target_kib);
    fprintf(row, "/%" PRIu64 " %s", g->facts.actual_kib,
            judged ? guest_state_name(judged->state) : "unseen");
}

static void
print_row(struct play *p, FILE *row)
{
    const struct account *a = &p->balancer.snapshot.account;

    fprintf(row, "free %" PRId64 " promised %" PRIu64, p->world->free_kib,
            a->reservations_kib);
    for (size_t i = 0; i < p->world->n && i < DOMAINS_MAX; i++)
        print_domain(p, &p->world->guests[i], row);
    if (p->world->n > DOMAINS_MAX)
        fprintf(row, " | ...");
}

void
play_record_row(struct play *p)
{
    char *text = NULL;
    size_t size;
    FILE *row;

    if (p->how->is_quiet)
        return;
    row = open_memstream(&text, &size);
    if (!row)
        return;
    print_row(p, row);
    if (fclose(row) == 0 && (!p->last_row || strcmp(p->last_row, text) != 0)) {
        fprintf(p->record, "%9.3f  %s\n", (double)p->world->now_ms / MS_PER_S,
                text);
        free(p->last_row);
        p->last_row = text;
        return;
    }
    free(text);
}
