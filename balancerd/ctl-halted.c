/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of a domain that does not run: its name and its settings. */
#include <config.h>

#include <stdlib.h>

#include <json-c/json.h>

#include "ctl-halted.h"
#include "ctl-vm.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "tick.h"

struct json_object *
halted_record(const struct settings *s)
{
    struct json_object *record = json_object_new_object();

    json_set_text(record, FIELD_UUID, s->uuid);
    json_set_text(record, FIELD_NAME, s->name);
    json_set_text(record, FIELD_POWER_STATE, VM_HALTED);
    json_set_delta(record, FIELD_DOMID, -1);
    json_set_bool(record, FIELD_IS_CONTROL, false);
    json_set_text(record, FIELD_TYPE, "");
    json_set_number(record, FIELD_ACTUAL, 0);
    json_set_number(record, FIELD_TARGET, 0);
    vm_set_limits(record, &s->limits);
    json_set_number(record, FIELD_MAXMEM, HOST_UNSET);
    json_set_number(record, FIELD_MEMORY_OVERHEAD, HOST_UNSET);
    json_set_text(record, FIELD_THRASH, "");
    json_set(record, FIELD_GUEST_MEMORY, json_object_new_object());
    vm_set_settings(record, s);
    json_set_text(record, FIELD_STATE, VM_HALTED);
    json_set_text(record, FIELD_REASON, "does not run");
    return record;
}

bool *
halted_find(const struct balancer *b)
{
    const struct settings_table *t = &b->settings;
    bool *is_halted = calloc(t->n + 1, sizeof(is_halted[0]));
    size_t i;

    for (i = 0; is_halted && i < t->n; i++)
        is_halted[i] = true;
    for (i = 0; is_halted && i < b->guests.n; i++) {
        const struct settings *s =
            settings_find(t, b->guests.guests[i].facts.uuid);

        if (s)
            is_halted[s - t->list] = false;
    }
    return is_halted;
}
