/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about policy engines and whose they are. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "book-engine.h"
#include "book.h"
#include "ctl-engine.h"
#include "ctl-set.h"
#include "ctl-verb-list.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "util/text.h"
#include "util/units.h"

/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

int
verb_engine_list(struct verb_call *call)
{
    const struct engines *t = call->b->engines;
    int r = verb_observe(call);
    struct json_object *list;

    if (r < 0)
        return r;
    call->result = json_object_new_object();
    list = json_set(call->result, FIELD_ENGINES, json_object_new_array());
    for (size_t i = 0; i < t->n; i++)
        json_object_array_add(list, engine_record(call->b, t->list[i]));
    json_set(call->result, FIELD_BUILT_IN, engine_built_in_records());
    return 0;
}

/* The engines' refusals in the protocol's codes. */
static enum request_code
code_of(int r)
{
    return r == -ENOENT ? REQUEST_NO_ENGINE : REQUEST_ENGINE_REFUSED;
}

static int
put(struct verb_call *call, const char *name, const struct conf_policy *spec)
{
    char error[CONF_ERROR_SIZE] = "";
    struct engine *e;
    int r = book_put_engine(call->b, name, spec, &e, error);

    if (r < 0)
        return verb_fail(call, code_of(r), "Refused: %s", error);
    call->has_changed = true;
    call->result = engine_record(call->b, e);
    return 0;
}

/* "a=1" */
static int
read_option(struct verb_call *call, const char *text, size_t length,
            struct conf_policy *spec)
{
    char word[2 * CONF_WORD_SIZE], shown[SHOWN_SIZE], error[CONF_ERROR_SIZE];
    char *equals;

    length = min_u64(length, sizeof(word) - 1);
    memcpy(word, text, length);
    word[length] = '\0';
    equals = strchr(word, '=');
    if (!equals) {
        text_escape(shown, sizeof(shown), word);
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "The options are KEY=VALUE,..., not '%s'", shown);
    }
    *equals = '\0';
    if (conf_policy_set(spec, word, equals + 1, error) < 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    return 0;
}

/* "a=1,b=2" */
static int
read_options(struct verb_call *call, struct conf_policy *spec)
{
    const char *text = verb_param(call, PARAM_OPTIONS);
    size_t length;
    int r = 0;

    for (; text && *text && r == 0; text += length + (text[length] == ',')) {
        length = strcspn(text, ",");
        r = read_option(call, text, length, spec);
    }
    return r;
}

int
verb_engine_load(struct verb_call *call)
{
    const char *name = verb_param(call, PARAM_NAME);
    struct conf_policy spec;
    char error[CONF_ERROR_SIZE];
    int r;

    if (conf_policy_init(&spec, verb_param(call, PARAM_ENGINE), error) < 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    r = read_options(call, &spec);
    return r < 0 ? r : put(call, name ? name : "", &spec);
}

int
verb_engine_unload(struct verb_call *call)
{
    char error[CONF_ERROR_SIZE];
    int r = book_remove_engine(call->b, verb_param(call, PARAM_ENGINE), error);

    call->has_changed = r == 0;
    return r < 0 ? verb_fail(call, code_of(r), "%s", error) : 0;
}

static const struct engine *
find_engine(struct verb_call *call)
{
    const char *name = verb_param(call, PARAM_ENGINE);
    const struct engine *e = engines_find(call->b->engines, name);
    char error[CONF_ERROR_SIZE];

    if (!e) {
        engine_unknown(call->b, name, error);
        verb_fail(call, REQUEST_NO_ENGINE, "%s", error);
    }
    return e;
}

int
verb_engine_param_set(struct verb_call *call)
{
    const struct engine *e = find_engine(call);
    struct conf_policy spec;
    char error[CONF_ERROR_SIZE];

    if (!e)
        return -EINVAL;
    spec = e->spec;
    if (conf_policy_set(&spec, verb_param(call, PARAM_PARAM),
                        verb_param(call, PARAM_VALUE), error) < 0)
        return verb_fail(call, REQUEST_INVALID_PARAMS, "%s", error);
    return put(call, e->name, &spec);
}

/* The default one needs no settings. */
static int
fill_engine(struct verb_call *call, const struct set_wish *wish,
            const struct set_subject *vm, struct settings *wanted)
{
    const struct engine *e = find_engine(call);
    bool is_default = e == engines_of(call->b->engines, "");

    (void)wish;
    (void)vm;
    if (!e)
        return -EINVAL;
    snprintf(wanted->engine, sizeof(wanted->engine), "%s",
             is_default ? "" : e->name);
    return 0;
}

int
verb_vm_engine_set(struct verb_call *call)
{
    static const struct set_wish wish = { SETTINGS_ENGINE,
                                          fill_engine,
                                          { NULL } };

    return set_selected(call, &wish);
}
