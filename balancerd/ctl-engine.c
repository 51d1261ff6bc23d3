/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records of policy engines. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-engine.h"
#include "engines.h"
#include "policy-builtin.h"
#include "policy.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "tick.h"
#include "util/text.h"

/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

static uint64_t
count_domains(const struct balancer *b, const struct engine *e)
{
    uint64_t n = 0;

    for (size_t i = 0; i < b->guests.n; i++)
        n += engines_of(b->engines, b->guests.guests[i].engine) == e;
    return n;
}

struct json_object *
engine_record(const struct balancer *b, const struct engine *e)
{
    struct json_object *record = json_object_new_object();
    const struct policy *policy = engines_policy(b->engines, e);
    const struct conf_policy *spec = &e->spec;
    struct json_object *options;

    json_set_text(record, FIELD_INSTANCE, e->name);
    json_set_text(record, FIELD_ENGINE, engines_code_name(b->engines, e));
    json_set_text(record, FIELD_VERSION, policy ? policy_version(policy) : "");
    json_set_text(record, FIELD_DESCRIPTION,
                  policy ? policy_description(policy) : "");
    json_set_text(record, FIELD_FILE,
                  strchr(spec->engine, '/') ? spec->engine : "");
    json_set_bool(record, FIELD_IS_DEFAULT, e == engines_of(b->engines, ""));
    json_set_number(record, FIELD_DOMAINS, count_domains(b, e));
    json_set_bool(record, FIELD_IS_FAILING, e->is_failing);
    json_set_number(record, FIELD_FAILURES, e->failures);
    json_set_bool(record, FIELD_SET_ASIDE, e->is_set_aside);
    json_set_text(record, FIELD_TROUBLE,
                  e->is_failing || e->is_set_aside ? e->why : "");
    options = json_set(record, FIELD_OPTIONS, json_object_new_object());
    for (size_t i = 0; i < spec->n_options; i++)
        json_set_text(options, spec->options[i].key, spec->options[i].value);
    return record;
}

struct json_object *
engine_built_in_records(void)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; policy_builtins[i]; i++) {
        const struct xbp_policy *engine = policy_builtins[i]();
        struct json_object *record = json_object_new_object();

        json_set_text(record, FIELD_ENGINE, engine->name);
        json_set_text(record, FIELD_VERSION, engine->version);
        json_set_text(record, FIELD_DESCRIPTION, engine->description);
        json_object_array_add(list, record);
    }
    return list;
}

void
engine_unknown(const struct balancer *b, const char *name,
               char error[CONF_ERROR_SIZE])
{
    char shown[SHOWN_SIZE];

    text_escape(shown, sizeof(shown), name);
    snprintf(error, CONF_ERROR_SIZE,
             "there is no engine '%s'; there are:", shown);
    for (size_t i = 0; i < b->engines->n; i++)
        text_append(error, CONF_ERROR_SIZE, "%s %s", i > 0 ? "," : "",
                    b->engines->list[i]->name);
}
