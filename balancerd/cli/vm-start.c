/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sizes the domain, reserves what it needs, has xl start it, hands the
 * reservation over.  Whatever happens in between, the memory is given back.
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "child.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "room.h"
#include "signals.h"
#include "sizing.h"
#include "util/parse.h"
#include "util/units.h"
#include "vm-start.h"
#include "xl.h"

/* Extended as long as xl runs; what is left behind by a killed balancerctl
 * comes back after this. */
#define DEFAULT_TTL_MS (2 * 60 * MS_PER_S)
/* The TTL is renewed this often while it runs. */
#define RENEWALS 3
/* xl unpauses a domain at its end; an unusual one that stays paused is built
 * all the same: 10 s, in steps of lifeline_rest. */
#define RUNNING_TRIES 50

struct start {
    const struct args *args;
    const char *config;
    struct xl_domain domain;
    struct room room;
    bool has_range; /* dynamic-min, dynamic-max, or both were given */
    uint64_t min_kib;
    uint64_t max_kib;
    struct room_domain started;
};

static const char *
param(const struct start *s, const char *key)
{
    return json_get_text(s->args->params, key);
}

static int
exit_of(int error)
{
    if (error == -EINTR)
        return 128 + signals_caught();
    if (error == -ENOTCONN)
        return CLI_NO_DAEMON;
    return error == -EREMOTEIO ? CLI_REFUSED : CLI_FAILED;
}

static int
read_size(const struct start *s, const char *key, uint64_t *ret_kib)
{
    char error[PARSE_ERROR_SIZE];
    const char *text = param(s, key);

    if (!text || parse_size_kib(text, ret_kib) == 0)
        return 0;
    parse_size_error(error, key, text);
    fprintf(stderr, "%s\n", error);
    return -EINVAL;
}

/* Before anybody is squeezed for it: is there such a range? */
static int
read_range(struct start *s)
{
    int r;

    s->has_range = param(s, PARAM_DYNAMIC_MIN) || param(s, PARAM_DYNAMIC_MAX);
    s->max_kib = s->domain.maxmem_kib;
    r = read_size(s, PARAM_DYNAMIC_MAX, &s->max_kib);
    s->min_kib = min_u64(s->domain.memory_kib, s->max_kib);
    if (r == 0)
        r = read_size(s, PARAM_DYNAMIC_MIN, &s->min_kib);
    if (r < 0)
        return r;
    if (s->min_kib <= s->max_kib && s->max_kib <= s->domain.maxmem_kib)
        return 0;
    fprintf(stderr,
            "The range must be dynamic-min <= dynamic-max <= maxmem: %" PRIu64
            " <= %" PRIu64 " <= %" PRIu64 " KiB is not true\n",
            s->min_kib, s->max_kib, s->domain.maxmem_kib);
    return -EINVAL;
}

static int
read_ttl(const struct start *s, uint64_t *ret_ms)
{
    char error[PARSE_ERROR_SIZE];
    const char *text = param(s, PARAM_TTL);

    *ret_ms = DEFAULT_TTL_MS;
    if (!text || parse_duration_ms(text, ret_ms) == 0)
        return 0;
    parse_duration_error(error, PARAM_TTL, text);
    fprintf(stderr, "%s\n", error);
    return -EINVAL;
}

/* xl would refuse it, too, but only after others were squeezed. */
static int
check_absent(struct start *s, const char *field, const char *value)
{
    struct room_domain other;
    int r = room_find(&s->room, field, value, &other);

    if (r < 0 || other.domid == ROOM_NO_DOMID)
        return r;
    fprintf(stderr, "%s: domain %" PRIu64 " already has that %s\n", s->config,
            other.domid, field);
    return -EEXIST;
}

/* Until xl has ended.  One signal is passed on; then it is waited for, since
 * half a domain is worse than a second's delay. */
static int
wait_for_xl(struct start *s, pid_t pid)
{
    bool is_told = false;
    int status = 0;
    int r;

    do {
        r = child_wait(pid, s->room.ttl_ms / RENEWALS, &status);
        if (r == -ETIMEDOUT)
            room_keep(&s->room);
        if (r == -EINTR && !is_told) {
            kill(pid, SIGTERM);
            is_told = true;
        }
    } while (r == -ETIMEDOUT || r == -EINTR);
    if (r < 0)
        return r;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (signals_caught())
        return -EINTR;
    fprintf(stderr, "xl create failed; the reserved memory is given back\n");
    return -ECHILD;
}

/* What an xl that was killed left behind.  It is ours: nobody had that uuid
 * before. */
static void
remove_remains(struct start *s)
{
    struct room_domain remains;

    if (room_find(&s->room, FIELD_UUID, s->domain.uuid, &remains) < 0 ||
        remains.domid == ROOM_NO_DOMID)
        return;
    fprintf(stderr, "Removing the unfinished domain %" PRIu64 "\n",
            remains.domid);
    if (xl_destroy(remains.domid) < 0)
        fprintf(stderr, "It could not be removed: see xl list\n");
}

static int
create(struct start *s)
{
    pid_t pid;
    int r = xl_create(s->config, s->domain.uuid, &pid);

    if (r == 0)
        r = wait_for_xl(s, pid);
    if (r == -EINTR) {
        signals_ignore();
        remove_remains(s);
    }
    return r;
}

/* It runs: what it needs, it has. */
static int
wait_until_running(struct start *s)
{
    int tries = RUNNING_TRIES;
    int r = room_find(&s->room, FIELD_UUID, s->domain.uuid, &s->started);

    while (r == 0 && s->started.is_paused && tries-- > 0)
        r = lifeline_rest()
                ? room_find(&s->room, FIELD_UUID, s->domain.uuid, &s->started)
                : -EINTR;
    if (r < 0 || s->started.domid != ROOM_NO_DOMID)
        return r;
    fprintf(stderr, "xl has started %s, but it is gone already\n",
            s->domain.name);
    return -ESRCH;
}

static int
start_reserved(struct start *s)
{
    int r = create(s);

    if (r == 0)
        r = wait_until_running(s);
    if (r == 0)
        r = room_hand_over(&s->room, s->started.domid);
    if (r == 0 && s->has_range)
        r = room_set_range(&s->room, s->started.domid, s->min_kib, s->max_kib);
    return r;
}

static int
start(struct start *s)
{
    int r = xl_need(s->config, &s->domain);

    if (r == 0)
        r = read_range(s);
    if (r == 0)
        r = check_absent(s, FIELD_UUID, s->domain.uuid);
    if (r == 0)
        r = check_absent(s, PARAM_NAME_LABEL, s->domain.name);
    if (r == 0)
        r = sizing_ask(&s->room.daemon, &s->domain);
    if (r < 0)
        return r;
    r = room_make(&s->room, &s->domain, param(s, PARAM_WAIT));
    if (r == -EREMOTEIO)
        sizing_explain(s->config, &s->domain);
    if (r == 0)
        r = start_reserved(s);
    signals_ignore();
    if (s->room.id[0] || r == -EINTR)
        room_give_back(&s->room);
    return r;
}

static void
report(const struct start *s)
{
    cleanup_json struct json_object *result = json_object_new_object();

    json_set_number(result, FIELD_DOMID, s->started.domid);
    json_set_text(result, FIELD_NAME, s->domain.name);
    json_set_text(result, FIELD_UUID, s->domain.uuid);
    json_set_number(result, FIELD_MEMORY, s->domain.need_kib);
    s->room.daemon.output->result(s->args->verb->verb, result);
}

int
vm_start(const struct args *args)
{
    struct start s = { .args = args };
    uint64_t ttl_ms;
    int r = read_ttl(&s, &ttl_ms);

    s.config = param(&s, PARAM_CONFIG);
    signals_hold();
    if (r == 0)
        r = room_open(&s.room, args, ttl_ms);
    if (r < 0)
        return exit_of(r);
    r = start(&s);
    room_close(&s.room);
    if (r == 0)
        report(&s);
    return r == 0 ? CLI_OK : exit_of(r);
}
