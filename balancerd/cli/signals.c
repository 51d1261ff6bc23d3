/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocked all the time, let in by ppoll. */
#include <config.h>

#include <stddef.h>

#include "signals.h"

static volatile sig_atomic_t caught;
static sigset_t waiting_mask;

static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
#define N_HELD (sizeof(held) / sizeof(held[0]))

static void
on_signal(int number)
{
    if (number != SIGCHLD && caught == 0)
        caught = number;
}

void
signals_hold(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigset_t mask;
    size_t i;

    sigemptyset(&action.sa_mask);
    sigemptyset(&mask);
    for (i = 0; i < N_HELD; i++)
        sigaddset(&mask, held[i]);
    sigprocmask(SIG_BLOCK, &mask, &waiting_mask);
    for (i = 0; i < N_HELD; i++)
        sigaction(held[i], &action, NULL);
    /* Even where who started us had them blocked. */
    for (i = 0; i < N_HELD; i++)
        sigdelset(&waiting_mask, held[i]);
    sigaddset(&waiting_mask, SIGCHLD);
}

const sigset_t *
signals_mask(void)
{
    return &waiting_mask;
}

int
signals_caught(void)
{
    return caught;
}

void
signals_ignore(void)
{
    sigaddset(&waiting_mask, SIGINT);
    sigaddset(&waiting_mask, SIGTERM);
    sigaddset(&waiting_mask, SIGHUP);
}
