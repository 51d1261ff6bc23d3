/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads what a file says of a simulated domain. */
#include <config.h>

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "sim-domain.h"
#include "sim-event.h"
#include "util/parse.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define SLOW_KIB_PER_S 256 /* a page every 16 ms: squeezed would never end */
#define REST_MS        3000
#define FLAP_MS        2000

enum domain_value {
    VALUE_KIB,
    VALUE_MS,
    VALUE_NUMBER,
    VALUE_FLAG,
    VALUE_OTHER, /* has a parser of its own */
};

struct domain_key {
    const char *name;
    enum domain_value kind;
    size_t offset;
    int (*parse)(struct sim_guest *g, const char *value);
};

/* The index of word in a list that NULL ends, or -EINVAL. */
static int
word_index(const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -EINVAL;
}

static int
parse_type(struct sim_guest *g, const char *value)
{
    static const char *const words[] = { "pv", "pvh", "hvm", NULL };
    int i = word_index(value, words);

    if (i < 0)
        return i;
    g->facts.type = (enum host_domain_type)i;
    return 0;
}

static int
parse_balloon(struct sim_guest *g, const char *value)
{
    static const char *const words[] = { "unsaid", "no", "yes", NULL };
    int i = word_index(value, words);

    if (i < 0)
        return i;
    g->nature.says = (enum host_balloon)i;
    return 0;
}

static int
parse_vcpus(struct sim_guest *g, const char *value)
{
    uint64_t vcpus;
    int r = parse_u64(value, 1, UINT32_MAX, &vcpus);

    if (r == 0)
        g->facts.vcpus = (uint32_t)vcpus;
    return r;
}

static int
parse_name(struct sim_guest *g, const char *value)
{
    if (value[0] == '\0')
        return -EINVAL;
    snprintf(g->facts.name, sizeof(g->facts.name), "%s", value);
    return 0;
}

static int
parse_uuid_key(struct sim_guest *g, const char *value)
{
    return parse_uuid(value, g->facts.uuid);
}

static int
parse_rate(struct sim_guest *g, const char *value)
{
    int r = parse_kib(value, &g->nature.up_kib_per_s);

    g->nature.down_kib_per_s = g->nature.up_kib_per_s;
    return r;
}

static int
parse_offset(struct sim_guest *g, const char *value)
{
    bool is_negative = value[0] == '-';
    uint64_t kib;

    if (parse_kib(value + is_negative, &kib) < 0 || kib >= INT64_MAX)
        return -EINVAL;
    g->nature.offset_kib = is_negative ? -(int64_t)kib : (int64_t)kib;
    return 0;
}

/* What it holds and is told to hold, in one word. */
static int
parse_memory(struct sim_guest *g, const char *value)
{
    return parse_kib(value, &g->facts.target_kib);
}

static void
set_rates(struct sim_nature *nature, uint64_t kib_per_s)
{
    nature->up_kib_per_s = kib_per_s;
    nature->down_kib_per_s = kib_per_s;
}

/* Words for what other keys can say in numbers. */
static int
parse_character(struct sim_guest *g, const char *value)
{
    struct sim_nature *nature = &g->nature;

    nature->is_flapping = false;
    nature->interval_ms = 0;
    if (strcmp(value, "ideal") == 0) {
        set_rates(nature, HOST_UNSET); /* its type's */
    } else if (strcmp(value, "stuck") == 0) {
        set_rates(nature, 0);
    } else if (strcmp(value, "slow") == 0) {
        set_rates(nature, SLOW_KIB_PER_S);
    } else if (strcmp(value, "intermittent") == 0) {
        nature->interval_ms = REST_MS;
    } else if (strcmp(value, "flapping") == 0) {
        nature->interval_ms = FLAP_MS;
        nature->is_flapping = true;
    } else if (strcmp(value, "lying") == 0) {
        set_rates(nature, 0);
        nature->is_lying = true;
    } else if (strcmp(value, "no-balloon") == 0) {
        set_rates(nature, 0);
        nature->says = HOST_BALLOON_NO;
    } else {
        return -EINVAL;
    }
    return 0;
}

static int
parse_work(struct sim_guest *g, const char *value)
{
    return sim_work_add(&g->life.work, value);
}

/* "ssd 2GiB", or "none"; of one without work its size alone. */
static int
parse_swap(struct sim_guest *g, const char *value)
{
    const struct sim_device *device;
    char name[SIM_KEY_SIZE];
    uint64_t kib;

    if (strcmp(value, "none") == 0) {
        g->life.memory.swap = NULL;
        g->life.memory.swap_kib = 0;
        return 0;
    }
    if (parse_kib(value, &g->load.swap_kib) == 0)
        return 0;
    if (sim_next_word(&value, name, sizeof(name)) <= 0)
        return -EINVAL;
    device = sim_device_find(name);
    if (!device || parse_kib(value + strspn(value, " "), &kib) < 0)
        return -EINVAL;
    g->life.memory.swap = device;
    g->life.memory.swap_kib = kib;
    return 0;
}

static int
parse_disk(struct sim_guest *g, const char *value)
{
    const struct sim_device *device = sim_device_find(value);

    if (!device)
        return -EINVAL;
    g->life.memory.disk = device;
    return 0;
}

/* Whether there is one or, with work, what it is like. */
static int
parse_agent(struct sim_guest *g, const char *value)
{
    if (parse_bool(value, &g->load.has_agent) == 0)
        return 0;
    return sim_agent_find(value, &g->life.agent.mode);
}

#define FACT(member)   offsetof(struct sim_guest, facts.member)
#define NATURE(member) offsetof(struct sim_guest, nature.member)
#define LIFE(member)   offsetof(struct sim_guest, life.member)
#define LOAD(member)   offsetof(struct sim_guest, load.member)

static const struct domain_key domain_keys[] = {
    /* what Xen and xenstore show */
    { "name", VALUE_OTHER, 0, parse_name },
    { "uuid", VALUE_OTHER, 0, parse_uuid_key },
    { "type", VALUE_OTHER, 0, parse_type },
    { "hap", VALUE_FLAG, FACT(has_hap), NULL },
    { "vcpus", VALUE_OTHER, 0, parse_vcpus },
    { "videoram", VALUE_KIB, FACT(videoram_kib), NULL },
    { "memory", VALUE_OTHER, 0, parse_memory },
    { "static-min", VALUE_KIB, FACT(static_min_kib), NULL },
    { "dynamic-min", VALUE_KIB, FACT(dynamic_min_kib), NULL },
    { "target", VALUE_KIB, FACT(target_kib), NULL },
    { "dynamic-max", VALUE_KIB, FACT(dynamic_max_kib), NULL },
    { "static-max", VALUE_KIB, FACT(static_max_kib), NULL },
    { "actual", VALUE_KIB, FACT(actual_kib), NULL },
    { "maxmem", VALUE_KIB, FACT(maxmem_kib), NULL },
    { "inaccuracy", VALUE_KIB, FACT(inaccuracy_kib), NULL },
    { "available", VALUE_KIB, FACT(available_kib), NULL },
    { "paused", VALUE_FLAG, NATURE(is_paused), NULL },
    /* its nature */
    { "character", VALUE_OTHER, 0, parse_character },
    { "balloon", VALUE_OTHER, 0, parse_balloon },
    { "rate", VALUE_OTHER, 0, parse_rate },
    { "rate-up", VALUE_KIB, NATURE(up_kib_per_s), NULL },
    { "rate-down", VALUE_KIB, NATURE(down_kib_per_s), NULL },
    { "jitter", VALUE_NUMBER, NATURE(jitter_pct), NULL },
    { "floor", VALUE_KIB, NATURE(floor_kib), NULL },
    { "ceiling", VALUE_KIB, NATURE(ceiling_kib), NULL },
    { "interval", VALUE_MS, NATURE(interval_ms), NULL },
    { "needs", VALUE_KIB, NATURE(needs_kib), NULL },
    { "offset", VALUE_OTHER, 0, parse_offset },
    { "overhead", VALUE_KIB, NATURE(overhead_kib), NULL },
    { "paging", VALUE_KIB, NATURE(paging_kib), NULL },
    { "build", VALUE_MS, NATURE(build_ms), NULL },
    { "boot", VALUE_MS, NATURE(boot_ms), NULL },
    { "teardown", VALUE_MS, NATURE(teardown_ms), NULL },
    { "absent", VALUE_FLAG, NATURE(is_absent), NULL },
    /* its work */
    { "work", VALUE_OTHER, 0, parse_work },
    { "work-repeat", VALUE_MS, LIFE(work.repeat_ms), NULL },
    { "work-delay", VALUE_MS, LIFE(work.delay_ms), NULL },
    { "work-spread", VALUE_MS, LIFE(work.spread_ms), NULL },
    { "work-restart", VALUE_MS, LIFE(work.restart_ms), NULL },
    { "base", VALUE_KIB, LIFE(memory.base_kib), NULL },
    { "swap", VALUE_OTHER, 0, parse_swap },
    { "disk", VALUE_OTHER, 0, parse_disk },
    { "agent", VALUE_OTHER, 0, parse_agent },
    { "agent-delay", VALUE_MS, LIFE(agent.delay_ms), NULL },
    { "agent-claim", VALUE_KIB, LIFE(agent.claim_kib), NULL },
    /* what it does with its memory */
    { "swap-seen", VALUE_FLAG, LOAD(is_seen), NULL },
    { "swap-waits-seen", VALUE_FLAG, LOAD(tells_wait), NULL },
    { "swap-in", VALUE_KIB, LOAD(swap_in_kib_per_s), NULL },
    { "swap-out", VALUE_KIB, LOAD(swap_out_kib_per_s), NULL },
    { "refault-anon", VALUE_KIB, LOAD(refault_anon_kib_per_s), NULL },
    { "refault-file", VALUE_KIB, LOAD(refault_file_kib_per_s), NULL },
    { "stall-some", VALUE_NUMBER, LOAD(stall_some_pct), NULL },
    { "stall-full", VALUE_NUMBER, LOAD(stall_full_pct), NULL },
};

static int
set_value(struct sim_guest *g, const struct domain_key *key, const char *value)
{
    void *field = (char *)g + key->offset;

    switch (key->kind) {
    case VALUE_KIB:
        return parse_kib(value, field);
    case VALUE_MS:
        return parse_duration_ms(value, field);
    case VALUE_NUMBER:
        return parse_u64(value, 0, UINT32_MAX, field);
    case VALUE_FLAG:
        return parse_bool(value, field);
    case VALUE_OTHER:
        return key->parse(g, value);
    }
    return -EINVAL;
}

int
sim_domain_set(struct sim_guest *g, const char *key, const char *value)
{
    for (size_t i = 0; i < LENGTH(domain_keys); i++)
        if (strcmp(key, domain_keys[i].name) == 0)
            return set_value(g, &domain_keys[i], value) == 0 ? 0 : -EINVAL;
    return -EINVAL;
}

struct reading {
    struct sim_guest *guest;
    char *error;
};

/* inih wants non-zero for success. */
static int
take_key(void *arg, const char *section, const char *key, const char *value)
{
    struct reading *reading = arg;

    if (strcmp(section, "domain") == 0 &&
        sim_domain_set(reading->guest, key, value) == 0)
        return 1;
    if (reading->error[0] == '\0')
        snprintf(reading->error, HOST_ERROR_SIZE, "[%s] %s = %s: not known",
                 section, key, value);
    return 0;
}

int
sim_domain_read(struct sim_guest *g, const char *path,
                char error[HOST_ERROR_SIZE])
{
    struct sim_guest copy = *g;
    struct reading reading = { &copy, error };
    int line;

    error[0] = '\0';
    line = ini_parse(path, take_key, &reading);
    if (line == 0) {
        *g = copy;
        return 0;
    }
    if (error[0] == '\0')
        snprintf(error, HOST_ERROR_SIZE, "cannot be read, or line %d is bad",
                 line);
    return -EINVAL;
}
