/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxl's word by xl-need, the daemon's by its socket. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <json-c/json.h>

#include "args.h"
#include "exit.h"
#include "format.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "proto/request-json.h"
#include "sizing.h"
#include "util/units.h"

static void
set_number(struct json_object *params, const char *key, uint64_t number,
           const char *unit)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRIu64 "%s", number, unit);
    json_set_text(params, key, text);
}

int
sizing_ask(struct lifeline *daemon, struct xl_domain *domain)
{
    cleanup_json struct json_object *params = json_object_new_object();
    struct response response;
    int r;

    json_set_text(params, PARAM_TYPE, domain->type);
    set_number(params, PARAM_MEMORY, domain->memory_kib, "KiB");
    set_number(params, PARAM_MAXMEM, domain->maxmem_kib, "KiB");
    set_number(params, PARAM_VCPUS, domain->vcpus, "");
    set_number(params, PARAM_OVERHEAD, domain->xl_overhead_kib, "KiB");
    r = lifeline_call(daemon, "vm-compute-memory-need", params, &response);
    if (r < 0)
        return r;
    domain->need_kib = json_get_number(response.result, FIELD_NEED);
    domain->overhead_kib = json_get_number(response.result, FIELD_OVERHEAD);
    domain->lesson_kib = json_get_number(response.result, FIELD_LESSON);
    response_done(&response);
    return 0;
}

void
sizing_explain(const char *config, const struct xl_domain *domain)
{
    char need[FORMAT_SIZE], xl_need[FORMAT_SIZE], lesson[FORMAT_SIZE];

    if (domain->overhead_kib <= domain->xl_overhead_kib)
        return;
    format_kib(need, domain->need_kib);
    format_kib(xl_need, sat_add(domain->memory_kib, domain->xl_overhead_kib));
    fprintf(stderr, "%s: it needs %s, not the %s that xl reckons with", config,
            need, xl_need);
    if (domain->lesson_kib > 0)
        fprintf(stderr,
                ": %s domains have taken up to %s more than was computed",
                domain->type, format_kib(lesson, domain->lesson_kib));
    fputc('\n', stderr);
}

/* libxl's word and the daemon's; one of enum cli_exit. */
static int
size_up(struct lifeline *daemon, const struct args *args,
        struct xl_domain *domain)
{
    int r;

    if (xl_need(json_get_text(args->params, PARAM_CONFIG), domain) < 0)
        return CLI_FAILED;
    lifeline_open(daemon, args);
    r = sizing_ask(daemon, domain);
    lifeline_close(daemon);
    if (r < 0)
        return r == -ENOTCONN ? CLI_NO_DAEMON : CLI_REFUSED;
    return CLI_OK;
}

int
sizing_take(const struct args *args)
{
    const char *config = json_get_text(args->params, PARAM_CONFIG);
    struct xl_domain domain;
    struct lifeline daemon;
    int r;

    if (json_get_text(args->params, PARAM_SIZE)) {
        fprintf(stderr, "Either config or size, not both\n");
        return CLI_USAGE;
    }
    r = size_up(&daemon, args, &domain);
    if (r != CLI_OK)
        return r;
    sizing_explain(config, &domain);
    set_number(args->params, PARAM_SIZE, domain.need_kib, "KiB");
    json_object_object_del(args->params, PARAM_CONFIG);
    return CLI_OK;
}

static void
print_overhead(const struct args *args, const struct lifeline *daemon,
               const struct xl_domain *domain)
{
    cleanup_json struct json_object *result = json_object_new_object();

    json_set_number(result, FIELD_MEMORY_OVERHEAD, domain->overhead_kib);
    daemon->output->result(args->verb->verb, result);
}

int
sizing_show(const struct args *args)
{
    struct xl_domain domain;
    struct lifeline daemon;
    int r;

    if (json_object_object_length(args->params) > 1) {
        fprintf(stderr, "Either config or <vm-selectors>, not both\n");
        return CLI_USAGE;
    }
    r = size_up(&daemon, args, &domain);
    if (r == CLI_OK)
        print_overhead(args, &daemon, &domain);
    return r;
}
