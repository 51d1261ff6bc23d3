/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The simulated world behind host-sim.c: domains that live, move and die as
 * time goes on, and the memory that they share.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host-changes.h"
#include "sim-scenario.h"
#include "sim-store.h"

#define SIM_LENDER_WORDS   8
#define SIM_LENDER_DOWN    "down"
#define SIM_LENDER_RECALLS "recalls" /* it wants all of its memory back */

/* A lender that is not as it should be; name "": a free place. */
struct sim_lender_word {
    char name[SIM_KEY_SIZE];
    char word[SIM_KEY_SIZE];
};

/* Told of an order that would bring a real host into danger. */
typedef void sim_alarm_fn(void *arg, const char *sentence);

struct sim_world {
    struct sim_scenario scenario; /* its guests are those that may be created */
    size_t next_event;
    size_t n;
    size_t capacity;
    struct sim_guest *guests; /* alive, by rising domid */
    struct sim_store store;
    struct host_changes changes; /* of it */
    bool store_fails;
    struct sim_lender_word lender_words[SIM_LENDER_WORDS];
    int64_t free_kib;
    uint64_t xen_kib;       /* what Xen uses itself */
    uint64_t now_ms;        /* since the beginning of the scenario */
    bool has_news;          /* something happened that a real host tells of */
    uint64_t failed_events; /* could not happen: logged */
    uint64_t target_writes;
    sim_alarm_fn *alarm;
    void *alarm_arg;
};

/* Takes ownership of what is in *s.  0 or -ENOMEM. */
int sim_world_init(struct sim_world *w, struct sim_scenario *s);
void sim_world_done(struct sim_world *w);

void sim_world_alarm(struct sim_world *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Time goes on until then. */
void sim_world_advance(struct sim_world *w, uint64_t until_ms);
/* The next instant at which something is to happen; HOST_UNSET: none. */
uint64_t sim_world_due_ms(const struct sim_world *w);

struct sim_guest *sim_world_find(const struct sim_world *w, uint32_t domid);
/* -EEXIST, -ENOMEM (also: the host's). */
int sim_world_add(struct sim_world *w, const struct sim_guest *nature);
/* -ESRCH. At once, or as slowly as it is torn down. */
int sim_world_destroy(struct sim_world *w, uint32_t domid);
/* Gone at last: Xen has all its memory back. */
void sim_world_bury(struct sim_world *w, struct sim_guest *g);
/* What all guests of the scenario suffered until now. */
struct sim_bill sim_world_bill(const struct sim_world *w);
/* -ESRCH, -EEXIST, -ENOMEM, -EINVAL. */
int sim_world_do(struct sim_world *w, const struct sim_event *e);

/* Is that what was said of the lender last? */
bool sim_world_lender_is(const struct sim_world *w, const char *name,
                         const char *word);

/* Memory that domains may take without another word, claims included. */
uint64_t sim_world_outstanding_kib(const struct sim_world *w);
/* Xenstore, as anyone may write it; a domain's memory keys take effect.
 * -ESRCH, -EIO (made to fail), and as sim_store_write. */
int
sim_world_store_write(struct sim_world *w, const char *path, const char *value);
int sim_world_store_remove(struct sim_world *w, const char *path);

/* The balancer's orders; those that are illegal raise an alarm.  -ESRCH. */
int
sim_world_set_target(struct sim_world *w, uint32_t domid, uint64_t target_kib);
int
sim_world_set_maxmem(struct sim_world *w, uint32_t domid, uint64_t maxmem_kib);
/* As host_ops. */
int sim_world_get_paging(const struct sim_world *w, uint32_t domid,
                         uint64_t *ret_kib);
int sim_world_set_paging(struct sim_world *w, uint32_t domid, uint64_t kib);

#endif
