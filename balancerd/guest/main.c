/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancer-agent: looks every second, tells when there is news. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "news.h"
#include "options.h"
#include "proc-read.h"
#include "process.h"
#include "proto/keys.h"
#include "store.h"
#include "swap-tasks.h"
#include "util/clock.h"
#include "util/units.h"

#define EXIT_OPTIONS 2
/* xenstored may be gone while we write to it, and the kernel waits for it:
 * after this long a signal ends us in any case. */
#define PATIENCE_S 2
/* A device that is offered comes within a second: an open() each time. */
#define DEVICE_MS 50

struct agent {
    struct agent_options options;
    struct proc proc;
    struct store store;
    struct news news;
    struct swap_tasks swap_tasks;
};

static volatile sig_atomic_t is_stopped;

static void
on_signal(int number)
{
    (void)number;
    is_stopped = 1;
    alarm(PATIENCE_S);
}

/* No SA_RESTART: the pause between two looks is to end. */
static void
catch_signals(void)
{
    const struct sigaction stop = { .sa_handler = on_signal };

    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
}

/* Until the next look, until an offer changes, or until the device of one has
 * come: the host offers it before the kernel has connected it. */
static void
doze(const struct agent *a)
{
    struct pollfd change = { .fd = store_fd(&a->store), .events = POLLIN };
    uint64_t left_ms = a->options.interval_ms, step_ms;

    if (swap_tasks_are_fresh(&a->swap_tasks))
        return;
    do {
        step_ms = swap_tasks_are_waiting(&a->swap_tasks)
                      ? min_u64(left_ms, DEVICE_MS)
                      : left_ms;
        left_ms -= step_ms;
    } while (poll(&change, 1, (int)step_ms) == 0 && left_ms > 0 &&
             !swap_tasks_can_go_on(&a->swap_tasks));
}

static int
tell(struct agent *a, const struct sample *s)
{
    char text[SAMPLE_TEXT_SIZE];

    sample_format(s, text);
    if (!a->options.prints)
        return store_write(&a->store, KEY_SAMPLE, text, clock_monotonic_ms());
    return puts(text) < 0 || fflush(stdout) < 0 ? -EIO : 0;
}

/* The clock is a sequence that rises from one agent to the next, too. */
static uint64_t
next_sequence(const struct news *n, uint64_t uptime_ms)
{
    return max_u64(n->last.sequence, uptime_ms) + 1;
}

static int
look(struct agent *a, struct sample *ret)
{
    int r = proc_read(&a->proc, ret);

    if (r < 0) {
        log_warn(-r, "cannot read /proc/meminfo");
        return r;
    }
    /* Stands still while the guest is suspended, as its counters do. */
    ret->uptime_ms = clock_monotonic_ms();
    ret->sequence = next_sequence(&a->news, ret->uptime_ms);
    return 0;
}

static int
run_once(struct agent *a)
{
    struct sample s;
    int r = look(a, &s);

    return r < 0 ? r : tell(a, &s);
}

/* What cannot be told now is told later. */
static int
run(struct agent *a)
{
    struct sample s;
    int r = 0;

    while (!is_stopped && r == 0) {
        r = look(a, &s);
        if (r == 0 && !a->options.prints)
            swap_tasks_look(&a->swap_tasks, &a->store, &s, s.uptime_ms);
        if (r == 0 && news_is_due(&a->news, &s) && tell(a, &s) == 0)
            news_note(&a->news, &s);
        if (!is_stopped)
            doze(a);
    }
    return r;
}

/* The sample of an agent that ends goes with it; that of one that told once is
 * to stay. */
static int
run_and_end(struct agent *a)
{
    int r;

    if (a->options.is_once) {
        r = run_once(a);
        store_close(&a->store, NULL);
        return r;
    }
    catch_signals();
    if (!a->options.prints)
        process_protect();
    r = run(a);
    store_close(&a->store, KEY_SAMPLE);
    return r;
}

int
main(int argc, char *argv[])
{
    static struct agent a;
    int r;

    if (agent_options_parse(&a.options, argc, argv) < 0)
        return EXIT_OPTIONS;
    if (a.options.is_answered)
        return 0;
    log_set_journal(process_logs_to_journal());
    r = proc_open(&a.proc, "/proc");
    if (r < 0) {
        log_warn(-r, "cannot open /proc/meminfo");
        return EXIT_FAILURE;
    }
    r = run_and_end(&a);
    proc_close(&a.proc);
    return r < 0 ? EXIT_FAILURE : 0;
}
