/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long a plugin is waited for, and what is made of its answers. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy-plugin.h"
#include "policy-process.h"
#include "util/text.h"
#include "util/units.h"

/* In budgets: to read a file and its libraries from a slow disk; and until
 * who does not return from a plan is taken for one that never will. */
#define LOAD_BUDGETS   10
#define RETURN_BUDGETS 25

/* A plan that is late counts so many times what one in time takes off again:
 * five in a row, or more than every ninth in the long run, are too many. */
#define LATE_COST  8
#define LATE_LIMIT (5 * LATE_COST)

struct policy_plugin {
    struct policy_process *process;
    struct policy_about about;
    uint64_t budget_ms;
    unsigned lateness;
};

/* Where its process was when it ended or was too slow. */
static const char *
place_of(const struct policy_plugin *p)
{
    switch (policy_process_op(p->process)) {
    case POLICY_OP_OPEN:
        return "while it was loaded";
    case POLICY_OP_CREATE:
        return "in create";
    case POLICY_OP_CONFIG:
        return "in config";
    case POLICY_OP_READY:
        return "in config_complete";
    case POLICY_OP_PLAN:
        return "in plan";
    case POLICY_OP_EXPLAIN:
        return "in explain";
    }
    return "";
}

static void
tell_end(const struct policy_plugin *p, char trouble[POLICY_ERROR_SIZE])
{
    snprintf(trouble, POLICY_ERROR_SIZE, "its process %s %s",
             policy_process_end(p->process), place_of(p));
}

static void
end_stray(struct policy_plugin *p, uint64_t limit_ms,
          char trouble[POLICY_ERROR_SIZE])
{
    policy_process_kill(p->process);
    snprintf(trouble, POLICY_ERROR_SIZE,
             "it did not come back within %" PRIu64 " ms %s", limit_ms,
             place_of(p));
}

/* The shared text, as nobody can change it any more. */
static void
take_text(char *to, size_t size, const char *shared, size_t shared_size)
{
    char copy[POLICY_ERROR_SIZE];

    shared_size = min_u64(shared_size, sizeof(copy));
    memcpy(copy, shared, shared_size);
    copy[shared_size - 1] = '\0';
    text_escape(to, size, copy);
}

/* Asks for one step of its start. */
static int
ask_step(struct policy_plugin *p, enum policy_op op,
         char error[POLICY_ERROR_SIZE])
{
    const struct policy_room *room = policy_process_room(p->process);
    uint64_t limit_ms = LOAD_BUDGETS * p->budget_ms;
    int r = policy_process_ask(p->process, op, limit_ms);

    if (r == -ETIMEDOUT)
        end_stray(p, limit_ms, error);
    else if (r < 0)
        tell_end(p, error);
    else if (room->result != 0)
        take_text(error, POLICY_ERROR_SIZE, room->text, sizeof(room->text));
    else
        return 0;
    return -EINVAL;
}

static int
load(struct policy_plugin *p, const char *path, char error[POLICY_ERROR_SIZE])
{
    struct policy_about *about = &p->about;
    struct policy_room *room;
    int r = policy_process_start(&p->process);

    if (r < 0) {
        snprintf(error, POLICY_ERROR_SIZE, "it cannot have a process: %s",
                 strerror(-r));
        return r;
    }
    room = policy_process_room(p->process);
    snprintf(room->path, sizeof(room->path), "%s", path);
    r = ask_step(p, POLICY_OP_OPEN, error);
    if (r < 0)
        return r;
    take_text(about->name, sizeof(about->name), room->name, sizeof(room->name));
    take_text(about->version, sizeof(about->version), room->version,
              sizeof(room->version));
    take_text(about->description, sizeof(about->description), room->description,
              sizeof(room->description));
    return ask_step(p, POLICY_OP_CREATE, error);
}

int
policy_plugin_open(struct policy_plugin **ret, const char *path,
                   uint64_t budget_ms, char error[POLICY_ERROR_SIZE])
{
    struct policy_plugin *p = calloc(1, sizeof(*p));
    int r;

    if (!p) {
        snprintf(error, POLICY_ERROR_SIZE, "out of memory");
        return -ENOMEM;
    }
    p->budget_ms = budget_ms;
    r = load(p, path, error);
    if (r < 0)
        policy_plugin_close(p);
    else
        *ret = p;
    return r;
}

const struct policy_about *
policy_plugin_about(const struct policy_plugin *p)
{
    return &p->about;
}

void
policy_plugin_set_budget(struct policy_plugin *p, uint64_t budget_ms)
{
    p->budget_ms = budget_ms;
}

int
policy_plugin_config(struct policy_plugin *p, const char *key,
                     const char *value, char error[POLICY_ERROR_SIZE])
{
    struct policy_room *room = policy_process_room(p->process);

    snprintf(room->key, sizeof(room->key), "%s", key);
    snprintf(room->value, sizeof(room->value), "%s", value);
    return ask_step(p, POLICY_OP_CONFIG, error);
}

int
policy_plugin_ready(struct policy_plugin *p, char error[POLICY_ERROR_SIZE])
{
    return ask_step(p, POLICY_OP_READY, error);
}

/* It is not waited for any longer; may it go on? */
static int
be_late(struct policy_plugin *p, char trouble[POLICY_ERROR_SIZE])
{
    uint64_t limit_ms = RETURN_BUDGETS * p->budget_ms;

    if (policy_process_busy_ms(p->process) >= limit_ms) {
        end_stray(p, limit_ms, trouble);
        return -EOWNERDEAD;
    }
    snprintf(trouble, POLICY_ERROR_SIZE,
             "it was not back within %" PRIu64 " ms %s", p->budget_ms,
             place_of(p));
    return -ETIMEDOUT;
}

/* Late with this plan.  Where a busy host kept it from running nobody is to
 * blame. */
static int
count_late(struct policy_plugin *p, char trouble[POLICY_ERROR_SIZE])
{
    if (policy_process_busy_ms(p->process) >= p->budget_ms)
        p->lateness += LATE_COST;
    if (p->lateness < LATE_LIMIT)
        return be_late(p, trouble);
    policy_process_kill(p->process);
    snprintf(trouble, POLICY_ERROR_SIZE,
             "it was not back within %" PRIu64 " ms too often", p->budget_ms);
    return -EOWNERDEAD;
}

static int
take_plan(struct policy_plugin *p, uint64_t n, uint64_t *wishes,
          char trouble[POLICY_ERROR_SIZE])
{
    const struct policy_room *room = policy_process_room(p->process);
    int result = room->result;

    p->lateness -= p->lateness > 0;
    if (result != 0) {
        snprintf(trouble, POLICY_ERROR_SIZE, "its plan returned %d", result);
        return -EIO;
    }
    memcpy(wishes, room->wishes, n * sizeof(*wishes));
    return 0;
}

int
policy_plugin_plan(struct policy_plugin *p, const struct xbp_snapshot *s,
                   uint64_t *wishes, char trouble[POLICY_ERROR_SIZE])
{
    int r = policy_process_rest(p->process);

    if (r == -EBUSY)
        return be_late(p, trouble);
    if (r == 0 && policy_room_fill(policy_process_room(p->process), s) < 0) {
        snprintf(trouble, POLICY_ERROR_SIZE, "there are too many guests");
        return -ENOMEM;
    }
    if (r == 0)
        r = policy_process_ask(p->process, POLICY_OP_PLAN, p->budget_ms);
    if (r == -ETIMEDOUT)
        return count_late(p, trouble);
    if (r == 0)
        return take_plan(p, s->n_guests, wishes, trouble);
    tell_end(p, trouble);
    return -EOWNERDEAD;
}

void
policy_plugin_explain(struct policy_plugin *p, uint64_t i, char *text,
                      size_t size)
{
    struct policy_room *room = policy_process_room(p->process);

    if (policy_process_rest(p->process) < 0)
        return;
    room->index = i;
    if (policy_process_ask(p->process, POLICY_OP_EXPLAIN, p->budget_ms) == 0)
        take_text(text, size, room->text, sizeof(room->text));
}

bool
policy_plugin_is_dead(const struct policy_plugin *p)
{
    return policy_process_is_dead(p->process);
}

void
policy_plugin_close(struct policy_plugin *p)
{
    if (!p)
        return;
    policy_process_free(p->process, p->budget_ms);
    free(p);
}
