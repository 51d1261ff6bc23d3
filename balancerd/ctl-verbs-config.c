/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancer-config-show: the configuration in force. */
#include <config.h>

#include <json-c/json.h>

#include "conf.h"
#include "ctl-verb-list.h"
#include "proto/fields.h"
#include "tick.h"

static void
add_key(void *arg, const char *section, const char *key, const char *value)
{
    struct json_object *all = arg;
    struct json_object *keys;

    if (!json_object_object_get_ex(all, section, &keys))
        keys = json_set(all, section, json_object_new_object());
    json_set_text(keys, key, value);
}

int
verb_balancer_config_show(struct verb_call *call)
{
    const struct conf *conf = call->b->conf;
    struct json_object *all;

    call->result = json_object_new_object();
    json_set_text(call->result, FIELD_FILE, conf->file);
    all = json_set(call->result, FIELD_CONFIGURATION, json_object_new_object());
    conf_each(conf, add_key, all);
    return 0;
}
