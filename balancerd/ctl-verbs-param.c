/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about the fields of one domain, and of this host: ...-param-... */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-host.h"
#include "ctl-record.h"
#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/parse.h"
#include "util/text.h"

#define HOST_DEFAULTS "uuid,name-label"

/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

/* There is one host. */
static int
find_host(struct verb_call *call, struct json_object **ret_record)
{
    char uuid[PARSE_UUID_SIZE] = "";
    struct json_object *record;
    int r = verb_observe(call);

    if (r < 0)
        return r;
    record = host_record(call->b);
    parse_uuid(verb_param(call, PARAM_UUID), uuid);
    if (strcmp(json_get_text(record, FIELD_UUID), uuid) != 0) {
        json_object_put(record);
        return record_refuse_uuid(call, "host");
    }
    *ret_record = record;
    return 0;
}

/* { list: [record] }; takes the record. */
static void
answer_list(struct verb_call *call, const char *list,
            struct json_object *record)
{
    struct json_object *records;

    call->result = json_object_new_object();
    records = json_set(call->result, list, json_object_new_array());
    json_object_array_add(records, record);
}

static int
refuse_name(struct verb_call *call, const char *name)
{
    verb_fail(call, REQUEST_NO_PARAMETER, "Missing parameter");
    verb_detail_text(call, FIELD_ERROR_PARAMETERS, name);
    return -EINVAL;
}

static int
refuse_key(struct verb_call *call, const char *key)
{
    char shown[SHOWN_SIZE];

    return verb_fail(call, REQUEST_INVALID_PARAMS, "Key %s not found in map",
                     text_escape(shown, sizeof(shown), key));
}

/* { member: its value } */
static int
answer_field(struct verb_call *call, struct json_object *record)
{
    const char *name = verb_param(call, PARAM_PARAM_NAME);
    const char *key = verb_param(call, PARAM_PARAM_KEY);
    const char *member = record_member(record, name);
    struct json_object *value;

    if (!member)
        return refuse_name(call, name);
    json_object_object_get_ex(record, member, &value);
    /* As in xe a key of what is no map does not matter. */
    if (key && json_object_is_type(value, json_type_object)) {
        member = record_member(value, key);
        if (!member)
            return refuse_key(call, key);
        json_object_object_get_ex(value, member, &value);
    }
    call->result = json_object_new_object();
    json_set(call->result, member, json_object_get(value));
    return 0;
}

int
verb_vm_param_list(struct verb_call *call)
{
    struct json_object *record = NULL;
    int r = vm_select_uuid(call, &record);

    if (r == 0)
        answer_list(call, FIELD_VMS, record);
    return r;
}

int
verb_vm_param_get(struct verb_call *call)
{
    cleanup_json struct json_object *record = NULL;
    int r = vm_select_uuid(call, &record);

    return r < 0 ? r : answer_field(call, record);
}

int
verb_host_list(struct verb_call *call)
{
    int r = verb_observe(call);

    if (r < 0)
        return r;
    answer_list(call, FIELD_HOSTS, host_record(call->b));
    return records_cut(call, json_get_array(call->result, FIELD_HOSTS),
                       HOST_DEFAULTS);
}

int
verb_host_param_list(struct verb_call *call)
{
    struct json_object *record = NULL;
    int r = find_host(call, &record);

    if (r == 0)
        answer_list(call, FIELD_HOSTS, record);
    return r;
}

int
verb_host_param_get(struct verb_call *call)
{
    cleanup_json struct json_object *record = NULL;
    int r = find_host(call, &record);

    return r < 0 ? r : answer_field(call, record);
}

/* The first field that is to be set: none of a host's can be. */
int
verb_host_param_set(struct verb_call *call)
{
    cleanup_json struct json_object *record = NULL;
    int r = find_host(call, &record);

    if (r < 0)
        return r;
    json_object_object_foreach(call->params, name, value) {
        (void)value;
        if (strcmp(name, PARAM_UUID) != 0)
            return record_refuse_field(call, name);
    }
    return 0;
}
