/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens on a simulated host at a given time, and nobody asked. */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdint.h>

#define SIM_KEY_SIZE   64
#define SIM_VALUE_SIZE 256

enum sim_event_kind {
    SIM_EVENT_CREATE,      /* create N */
    SIM_EVENT_DESTROY,     /* destroy N */
    SIM_EVENT_PAUSE,       /* pause N */
    SIM_EVENT_UNPAUSE,     /* unpause N */
    SIM_EVENT_SHUTDOWN,    /* shutdown N */
    SIM_EVENT_SET,         /* set N KEY VALUE: its nature changes */
    SIM_EVENT_STORE,       /* store N KEY VALUE: someone writes to xenstore */
    SIM_EVENT_WRITE,       /* write PATH VALUE: any other xenstore node */
    SIM_EVENT_REMOVE,      /* remove PATH */
    SIM_EVENT_TAKE,        /* take KIB: Xen uses memory itself ... */
    SIM_EVENT_GIVE,        /* give KIB: ... and no longer */
    SIM_EVENT_STORE_FAILS, /* store-fails yes|no: no write succeeds */
    SIM_EVENT_LENDER,      /* lender HOST up|down|recalls */
};

struct sim_event {
    uint64_t at_ms;
    enum sim_event_kind kind;
    uint32_t domid;
    uint64_t kib;
    char key[SIM_KEY_SIZE];
    char value[SIM_VALUE_SIZE]; /* "" is a value */
};

/* when: a time ("5s", "250ms"); text: one of the above.  0 or -EINVAL. */
int sim_event_parse(struct sim_event *ret, const char *when, const char *text);

/* Takes the next word off *text: up to a blank or the end.  Its length; 0 at
 * the end.  -EINVAL if it does not fit. */
int sim_next_word(const char **text, char *word, int size);

#endif
