/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of the configuration: one table says how each is read, checked and
 * printed. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "conf-value.h"
#include "conf.h"
#include "util/text.h"
#include "util/units.h"

#define DEFAULT_ENGINE "demand"
#define DEFAULT_SOCKET RUNDIR "/control.sock"
#define LEND_SOCKET    RUNDIR "/lendmem.sock"
/* NBD's own, and for swap a minute to read it back from a slow disk. */
#define LEND_PORT     10809
#define LEND_GRACE_MS (60 * MS_PER_S)
/* As fast as a leg is filled again; it leaves the guest most of a disk that
 * does not turn, and of a network of 1 Gbit/s. */
#define SWAP_MOVE_KIB_PER_S (20 * KIB_PER_MIB)
/* lendmem's limit: 8 TiB. */
#define LEND_MAX_KIB (8ull << 30)

/* Half of it holds what is known of some thousand domains. */
#define RECORD_KIB_MIN (16ull << 10)
/* 16 TiB: Xen's own limit on x86. */
#define SIZE_MAX_KIB (16ull << 30)
/* libxl refuses to make domain 0 smaller than 128 MiB. */
#define DOM0_LEAST_KIB (128ull << 10)
/* An hour: beyond it nobody is balancing. */
#define INTERVAL_MAX_MS (3600ull * MS_PER_S)

/* A day: who was calm for so long will be so tomorrow. */
#define CALM_MAX_MS (24 * INTERVAL_MAX_MS)

/* A plan takes 0.2 ms for a thousand guests; nobody is answered meanwhile. */
#define BUDGET_MIN_MS 10
#define BUDGET_MAX_MS (10ull * MS_PER_S)

struct conf_key {
    const char *section;
    const char *key;
    const struct conf_kind *kind;
    size_t offset;
    struct conf_limits limits;
};

#define FIELD(name) offsetof(struct conf, name)
#define ROOM(name)                       \
 {                                       \
  0, sizeof(((struct conf *)NULL)->name) \
 }

static const struct conf_key keys[] = {
    { "host",
      "host-reserve",
      &conf_kind_size,
      FIELD(tuning.host_reserve_kib),
      { 0, SIZE_MAX_KIB } },
    { "host",
      "balance-interval",
      &conf_kind_time,
      FIELD(tuning.idle_tick_ms),
      { MS_PER_S, INTERVAL_MAX_MS } },
    { "host",
      "oom-floor",
      &conf_kind_bool,
      FIELD(tuning.has_oom_floor),
      { 0, 0 } },
    { "host",
      "manage-domain-zero",
      &conf_kind_bool,
      FIELD(tuning.manages_dom0),
      { 0, 0 } },
    { "host",
      "domain-zero-dynamic-min",
      &conf_kind_size,
      FIELD(tuning.dom0_floor_kib),
      { DOM0_LEAST_KIB, SIZE_MAX_KIB } },
    { "host",
      "domain-zero-dynamic-max",
      &conf_kind_size_or_auto,
      FIELD(dom0_dynamic_max_kib),
      { DOM0_LEAST_KIB, SIZE_MAX_KIB } },
    { "domain",
      "default-dynamic-min",
      &conf_kind_limit,
      FIELD(default_range.min),
      { 0, SIZE_MAX_KIB } },
    { "domain",
      "default-dynamic-max",
      &conf_kind_limit,
      FIELD(default_range.max),
      { 0, SIZE_MAX_KIB } },
    { "domain", "settings", &conf_kind_path_or_auto, FIELD(settings),
      ROOM(settings) },
    { "policy",
      "engine-budget",
      &conf_kind_time,
      FIELD(tuning.engine_budget_ms),
      { BUDGET_MIN_MS, BUDGET_MAX_MS } },
    { "policy", "engine", &conf_kind_engine, FIELD(policy.engine),
      ROOM(policy.engine) },
    { "lend",
      "lend-max",
      &conf_kind_size,
      FIELD(lend_max_kib),
      { 0, LEND_MAX_KIB } },
    { "lend",
      "grace",
      &conf_kind_time,
      FIELD(lend_grace_ms),
      { 0, INTERVAL_MAX_MS } },
    { "lend",
      "domain-zero-slack",
      &conf_kind_size,
      FIELD(lend_slack_kib),
      { 0, LEND_MAX_KIB } },
    { "lend", "port", &conf_kind_number, FIELD(lend_port), { 1, UINT16_MAX } },
    { "lend", "socket", &conf_kind_path, FIELD(lend_socket),
      ROOM(lend_socket) },
    { "peers", "name", &conf_kind_peer, FIELD(peer_name), ROOM(peer_name) },
    { "peers", "listen", &conf_kind_address, FIELD(peer_listen),
      ROOM(peer_listen) },
    { "swap", "directory", &conf_kind_path, FIELD(swap_directory),
      ROOM(swap_directory) },
    { "swap",
      "move",
      &conf_kind_size,
      FIELD(swap_move_kib_per_s),
      { 0, SIZE_MAX_KIB } },
    { "swap",
      "calm",
      &conf_kind_time,
      FIELD(tuning.swap_calm_ms),
      { MS_PER_S, CALM_MAX_MS } },
    { "control", "socket", &conf_kind_path, FIELD(socket), ROOM(socket) },
    { "control", "group", &conf_kind_text, FIELD(group), ROOM(group) },
    { "metrics", "listen", &conf_kind_listen, FIELD(metrics_listen),
      ROOM(metrics_listen) },
    { "log",
      "record-size",
      &conf_kind_size,
      FIELD(record_kib),
      { 0, SIZE_MAX_KIB } },
    { "log", "level", &conf_kind_level, FIELD(log_level), { 0, 0 } },
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

void
conf_default(struct conf *c)
{
    *c = (struct conf){
        .tuning = tuning_default,
        .dom0_dynamic_max_kib = CONF_AUTO,
        .default_range = { .min = { .kib = HOST_UNSET },
                           .max = { .kib = HOST_UNSET, .pct = 100 } },
        .policy.engine = DEFAULT_ENGINE,
        .swap_directory = CONF_SWAP_DIRECTORY,
        .swap_move_kib_per_s = SWAP_MOVE_KIB_PER_S,
        .socket = DEFAULT_SOCKET,
        .lend_socket = LEND_SOCKET,
        .lend_port = LEND_PORT,
        .lend_grace_ms = LEND_GRACE_MS,
        .log_level = LOG_LEVEL_INFO,
    };
}

static const struct conf_key *
find_key(const char *section, const char *key)
{
    size_t i;

    for (i = 0; i < N_KEYS; i++)
        if (strcmp(keys[i].section, section) == 0 &&
            strcmp(keys[i].key, key) == 0)
            return &keys[i];
    return NULL;
}

static bool
is_section(const char *section)
{
    size_t i;

    for (i = 0; i < N_KEYS; i++)
        if (strcmp(keys[i].section, section) == 0)
            return true;
    return false;
}

static int
refuse_key(const char *section, const char *key, char error[CONF_ERROR_SIZE])
{
    char shown_section[CONF_WORD_SIZE], shown_key[CONF_WORD_SIZE];

    text_escape(shown_section, sizeof(shown_section), section);
    text_escape(shown_key, sizeof(shown_key), key);
    if (!section[0])
        snprintf(error, CONF_ERROR_SIZE, "%s stands before the first [section]",
                 shown_key);
    else if (!is_section(section))
        snprintf(error, CONF_ERROR_SIZE, "there is no section [%s]",
                 shown_section);
    else
        snprintf(error, CONF_ERROR_SIZE, "there is no key %s in [%s]",
                 shown_key, shown_section);
    return -EINVAL;
}

int
conf_set(struct conf *c, const char *section, const char *key,
         const char *value, char error[CONF_ERROR_SIZE])
{
    const struct conf_key *k = find_key(section, key);
    struct conf_value v;

    if (!k && strcmp(section, "policy") == 0)
        return conf_policy_set(&c->policy, key, value, error);
    if (!k)
        return refuse_key(section, key, error);
    v = (struct conf_value){ k->kind, k->limits, key, value };
    return conf_value_parse(&v, (char *)c + k->offset, error);
}

static int
refuse_order(const struct conf_kind *kind, const void *least, const void *most,
             const char *name, char error[CONF_ERROR_SIZE])
{
    char least_text[CONF_VALUE_SIZE], most_text[CONF_VALUE_SIZE];

    kind->format(least, least_text);
    kind->format(most, most_text);
    snprintf(error, CONF_ERROR_SIZE,
             "%s-dynamic-min (%s) is above %s-dynamic-max (%s)", name,
             least_text, name, most_text);
    return -EINVAL;
}

/* A size and a percentage can only be compared for a domain. */
static bool
is_in_order(const struct default_range *range)
{
    if (range->min.pct > 0 || range->max.pct > 0)
        return range->min.pct == 0 || range->max.pct == 0 ||
               range->min.pct <= range->max.pct;
    return range->min.kib == HOST_UNSET || range->min.kib <= range->max.kib;
}

int
conf_check(const struct conf *c, char error[CONF_ERROR_SIZE])
{
    const struct default_range *range = &c->default_range;

    if (c->record_kib > 0 && c->record_kib < RECORD_KIB_MIN) {
        snprintf(error, CONF_ERROR_SIZE,
                 "record-size is 0 or at least %llu KiB", RECORD_KIB_MIN);
        return -EINVAL;
    }
    if (c->tuning.dom0_floor_kib > c->dom0_dynamic_max_kib)
        return refuse_order(&conf_kind_size, &c->tuning.dom0_floor_kib,
                            &c->dom0_dynamic_max_kib, "domain-zero", error);
    if (!is_in_order(range))
        return refuse_order(&conf_kind_limit, &range->min, &range->max,
                            "default", error);
    return 0;
}

void
conf_each(const struct conf *c, conf_each_fn *fn, void *arg)
{
    const struct conf_policy *p = &c->policy;
    char value[CONF_VALUE_SIZE];
    size_t i, j;

    for (i = 0; i < N_KEYS; i++) {
        keys[i].kind->format((const char *)c + keys[i].offset, value);
        fn(arg, keys[i].section, keys[i].key, value);
        if (keys[i].offset != FIELD(policy.engine))
            continue;
        for (j = 0; j < p->n_options; j++)
            fn(arg, keys[i].section, p->options[j].key, p->options[j].value);
    }
}

/* A file on its way. */
struct printing {
    FILE *out;
    const char *section;
};

static void
print_key(void *arg, const char *section, const char *key, const char *value)
{
    struct printing *p = arg;

    if (strcmp(section, p->section) != 0)
        fprintf(p->out, "%s[%s]\n", p->section[0] ? "\n" : "", section);
    p->section = section;
    fprintf(p->out, "%s = %s\n", key, value);
}

void
conf_print(const struct conf *c, FILE *out)
{
    struct printing p = { .out = out, .section = "" };

    conf_each(c, print_key, &p);
}
