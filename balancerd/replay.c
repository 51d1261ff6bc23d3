/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a recording line by line, and has the balancer decide anew. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record-tables.h"
#include "record-text.h"
#include "record.h"
#include "replay-private.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"

/* More differences than that say nothing new. */
#define SHOWN_MAX 20

static int
take_look(struct replay *p, char *rest)
{
    uint64_t now_ms;
    int r = replay_put_engines(p);

    if (r < 0 || !p->is_known ||
        replay_number(&rest, UINT64_MAX, &now_ms) < 0 ||
        now_ms < p->host.now_ms)
        return -EINVAL;
    p->host.now_ms = now_ms;
    p->looks++;
    return balancer_refresh(&p->b);
}

static int
take_plan(struct replay *p, char *rest)
{
    uint64_t is_asked;

    if (replay_number(&rest, 1, &is_asked) < 0 || p->looks == 0)
        return -EINVAL;
    p->b.is_asked = is_asked;
    p->host.orders.n = 0;
    return replay_put_engines(p);
}

static int
get_result(const char *word, int *ret)
{
    uint64_t number;

    if (!word || parse_u64(word + (word[0] == '-'), 0, INT16_MAX, &number) < 0)
        return -EINVAL;
    *ret = word[0] == '-' ? -(int)number : (int)number;
    return 0;
}

static int
get_rule(const char *word, enum plan_rule *ret)
{
    for (int rule = PLAN_SHARE; word && rule <= PLAN_KEPT; rule++)
        if (strcmp(word, plan_rule_name((enum plan_rule)rule)) == 0) {
            *ret = (enum plan_rule)rule;
            return 0;
        }
    return -EINVAL;
}

static int
take_order(struct replay *p, enum step_kind kind, char *rest)
{
    struct step order = { .kind = kind };

    if (replay_domid(&rest, &order.domid) < 0 ||
        replay_number(&rest, UINT64_MAX, &order.old_kib) < 0 ||
        replay_number(&rest, UINT64_MAX, &order.new_kib) < 0 ||
        get_rule(record_word(&rest), &order.rule) < 0 ||
        get_result(record_word(&rest), &order.result) < 0)
        return -EINVAL;
    return replay_host_add_order(&p->host, &order);
}

static int
take_target(struct replay *p, char *rest)
{
    return take_order(p, STEP_TARGET, rest);
}

static int
take_maxmem(struct replay *p, char *rest)
{
    return take_order(p, STEP_MAXMEM, rest);
}

static int
take_wake(struct replay *p, char *rest)
{
    return take_order(p, STEP_WAKE, rest);
}

static void
show_order(struct replay *p, const char *head, const struct step *s)
{
    fprintf(p->out, "%10" PRIu64 ".%03" PRIu64 "  %s",
            p->host.now_ms / MS_PER_S, p->host.now_ms % MS_PER_S, head);
    if (s)
        fprintf(p->out,
                "dom %" PRIu32 ": %s %" PRIu64 " -> %" PRIu64 " KiB: %s\n",
                s->domid, step_kind_name(s->kind), s->old_kib, s->new_kib,
                plan_rule_text(s->rule));
    else
        fputs("nothing\n", p->out);
}

static void
note_difference(struct replay *p, const struct step *then,
                const struct step *now)
{
    if (p->differences++ >= SHOWN_MAX)
        return;
    show_order(p, "then: ", then);
    show_order(p, " now: ", now);
}

static bool
is_same(const struct step *a, const struct step *b)
{
    return a->old_kib == b->old_kib && a->new_kib == b->new_kib &&
           a->rule == b->rule;
}

/* What is ordered of the same domain; it is looked for from i on, where it
 * should be. */
static const struct step *
counterpart(const struct steps *s, size_t i, const struct step *of)
{
    for (size_t j = 0; j < s->n; j++) {
        const struct step *step = &s->list[(i + j) % s->n];

        if (step->kind == of->kind && step->domid == of->domid)
            return step;
    }
    return NULL;
}

static void
compare(struct replay *p, size_t i, const struct step *then)
{
    const struct step *now = counterpart(&p->b.steps, i, then);

    p->decisions++;
    if (!now || !is_same(then, now))
        note_difference(p, then, now);
    else if (p->how->is_verbose)
        show_order(p, "", now);
}

static bool
is_in_order(const struct steps *a, const struct steps *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (a->list[i].kind != b->list[i].kind ||
            a->list[i].domid != b->list[i].domid)
            return false;
    return a->n == b->n;
}

static void
compare_all(struct replay *p)
{
    const struct steps *then = &p->host.orders, *now = &p->b.steps;
    uint64_t before = p->differences;

    for (size_t i = 0; i < then->n; i++)
        compare(p, i, &then->list[i]);
    for (size_t i = 0; i < now->n; i++)
        if (!counterpart(then, i, &now->list[i]))
            note_difference(p, NULL, &now->list[i]);
    if (p->differences > before || is_in_order(then, now))
        return;
    if (p->differences++ < SHOWN_MAX)
        show_order(p, "in another order, first of all ", &now->list[0]);
}

static int
take_done(struct replay *p, char *rest)
{
    int r;

    (void)rest;
    if (p->looks == 0)
        return -EINVAL;
    r = balancer_freeze(&p->b); /* with the reservations of that time */
    if (r == 0)
        r = balancer_decide(&p->b);
    if (r < 0)
        return r;
    p->plans++;
    compare_all(p);
    return 0;
}

static const struct {
    const char *word;
    int (*take)(struct replay *p, char *rest);
} lines[] = {
    { "tuning", replay_take_tuning },
    { "memory", replay_take_memory },
    { "engines", replay_take_engines },
    { "engine", replay_take_engine },
    { "option", replay_take_option },
    { "reservations", replay_take_reservations },
    { "reservation", replay_take_reservation },
    { "was", replay_take_domain },
    { "guest", replay_take_guest },
    { "known", replay_take_known },
    { "set", replay_take_set },
    { "domain", replay_take_domain },
    { "gone", replay_take_gone },
    { "look", take_look },
    { "plan", take_plan },
    { "target", take_target },
    { "maxmem", take_maxmem },
    { "wake", take_wake },
    { "done", take_done },
};

static int
take_line(struct replay *p, char *line)
{
    char *rest = line;
    const char *word = record_word(&rest);

    for (size_t i = 0; word && i < sizeof(lines) / sizeof(lines[0]); i++)
        if (strcmp(word, lines[i].word) == 0)
            return lines[i].take(p, rest);
    return -EINVAL;
}

/* A last line without an end was being written when it was copied. */
static int
play(struct replay *p, FILE *file)
{
    char line[RECORD_LINE_SIZE];
    int r = 0;

    while (r == 0 && fgets(line, sizeof(line), file)) {
        char *end = strchr(line, '\n');

        p->line++;
        if (!end)
            return feof(file) ? 0 : -EINVAL;
        *end = '\0';
        if (p->line > 1)
            r = take_line(p, line);
        else if (strcmp(line, RECORD_MAGIC) != 0)
            r = -EPROTONOSUPPORT;
    }
    if (r == 0 && p->looks == 0)
        r = p->line == 0 ? -EPROTONOSUPPORT : -ENODATA;
    return r;
}

static void
blame(const struct replay *p, int r, char error[CONF_ERROR_SIZE])
{
    if (r == -EPROTONOSUPPORT)
        snprintf(error, CONF_ERROR_SIZE, "it does not begin with \"%s\"",
                 RECORD_MAGIC);
    else if (r == -ENODATA)
        snprintf(error, CONF_ERROR_SIZE, "it ends before the first look");
    else
        snprintf(error, CONF_ERROR_SIZE, "line %" PRIu64 ": %s", p->line,
                 r == -EINVAL ? "it cannot be understood" : strerror(-r));
}

static void
sum_up(const struct replay *p)
{
    fprintf(p->out,
            "%" PRIu64 " looks, %" PRIu64 " plans, %" PRIu64 " decisions: ",
            p->looks, p->plans, p->decisions);
    if (p->differences == 0)
        fputs("all as they were\n", p->out);
    else
        fprintf(p->out, "%" PRIu64 " differences\n", p->differences);
}

static void
close_all(struct replay *p)
{
    balancer_done(&p->b);
    engines_done(&p->engines);
    replay_host_done(&p->host);
    free(p->was);
    free(p);
}

static int
check_sets(const struct replay_how *how, char error[CONF_ERROR_SIZE])
{
    struct tuning tuning = { 0 };

    for (size_t i = 0; i < how->n_sets; i++) {
        if (replay_set_is_engine(how->sets[i]) ||
            record_read(&record_tuning, how->sets[i], &tuning) == 0)
            continue;
        snprintf(error, CONF_ERROR_SIZE,
                 "there is no constant, or none with such a value: %.80s",
                 how->sets[i]);
        return -EINVAL;
    }
    return 0;
}

int
replay_stream(FILE *file, const struct replay_how *how, FILE *out,
              char error[CONF_ERROR_SIZE])
{
    struct replay *p = calloc(1, sizeof(*p));
    struct tuning nothing = { 0 };
    int r = check_sets(how, error);

    if (!p || r < 0) {
        free(p);
        return p ? r : -ENOMEM;
    }
    p->how = how;
    p->out = out;
    replay_host_open(&p->host);
    r = balancer_init(&p->b, &p->host.host, &p->engines, &nothing);
    if (r == 0)
        r = play(p, file);
    if (r < 0)
        blame(p, r, error);
    else
        sum_up(p);
    if (r == 0 && p->differences > 0)
        r = 1;
    close_all(p);
    return r;
}

int
replay_file(const char *path, const struct replay_how *how, FILE *out,
            char error[CONF_ERROR_SIZE])
{
    cleanup_fclose FILE *file = fopen(path, "re");
    int r = -errno;

    if (file)
        return replay_stream(file, how, out, error);
    snprintf(error, CONF_ERROR_SIZE, "%s", strerror(-r));
    return r;
}
