/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* balancer-config-show: what balancerd -n would accept. */
#include <config.h>

#include <json-c/json.h>

#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"

static void
show_section(const char *name, struct json_object *keys, FILE *out)
{
    fprintf(out, "\n[%s]\n", name);
    json_object_object_foreach(keys, key, value) {
        fprintf(out, "%s = %s\n", key, json_object_get_string(value));
    }
}

void
show_config(struct json_object *result, FILE *out)
{
    const char *file = json_get_text(result, FIELD_FILE);
    struct json_object *sections = NULL;

    fprintf(out, "# %s\n", file ? file : "There is no file: the defaults.");
    if (!json_object_object_get_ex(result, FIELD_CONFIGURATION, &sections))
        return;
    json_object_object_foreach(sections, name, keys) {
        show_section(name, keys, out);
    }
}

void
show_config_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%s\n", json_text(result, FIELD_FILE));
}
