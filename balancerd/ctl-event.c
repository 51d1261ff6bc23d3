/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which events a call is about: since=, kind= and the selectors of domains. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-event.h"
#include "ctl-verbs.h"
#include "ctl-vm.h"
#include "events.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "tick.h"
#include "util/clock.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

struct json_object *
event_record(const struct events_entry *e)
{
    struct json_object *record = json_object_new_object();
    char time[CLOCK_TEXT_SIZE];
    uint64_t domid = e->domid == EVENTS_NO_DOMID ? HOST_UNSET : e->domid;

    json_set_number(record, FIELD_ID, e->id);
    json_set_text(record, FIELD_TIME, clock_text(time, e->wall_ms));
    json_set_text(record, FIELD_KIND, events_kind_name(e->kind));
    json_set_number(record, FIELD_DOMID, domid);
    json_set_text(record, FIELD_UUID, e->uuid);
    json_set_text(record, FIELD_NAME, e->name);
    json_set_text(record, FIELD_RESERVATION, e->reservation);
    json_set_number(record, FIELD_OLD, e->old_kib);
    json_set_number(record, FIELD_NEW, e->new_kib);
    json_set_text(record, FIELD_OLD_STATE, e->old_state ? e->old_state : "");
    json_set_text(record, FIELD_NEW_STATE, e->new_state ? e->new_state : "");
    json_set_text(record, FIELD_RULE, e->rule ? e->rule : "");
    json_set_text(record, FIELD_SENTENCE, e->sentence);
    return record;
}

/* The id of the last event that happened before then. */
static uint64_t
last_id_before(const struct events *ev, uint64_t time_ms)
{
    const struct events_entry *e = events_after(ev, 0);
    uint64_t id = 0;

    for (; e && e->time_ms < time_ms; e = events_next(ev, e))
        id = e->id;
    return id;
}

static int
refuse_since(struct verb_call *call, const char *text)
{
    char shown[SHOWN_SIZE];

    text_escape(shown, sizeof(shown), text);
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "Failed to parse field '" PARAM_SINCE
                     "': expecting the id of an event, or a time with its unit "
                     "(as 10m), got '%s'",
                     shown);
}

int
event_since(struct verb_call *call, uint64_t *ret_id)
{
    const struct balancer *b = call->b;
    const char *text = verb_param(call, PARAM_SINCE);
    uint64_t last_id = events_last_id(b->events);
    uint64_t id, age_ms;

    if (!text)
        return 0;
    if (parse_u64(text, 0, UINT64_MAX, &id) < 0) {
        if (parse_duration_ms(text, &age_ms) < 0)
            return refuse_since(call, text);
        id = last_id_before(b->events,
                            sat_sub(b->host->ops->now_ms(b->host), age_ms));
    }
    if (id > last_id) /* one of a daemon that ran before this one? */
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "There is no event %" PRIu64 " yet, the last one is "
                         "%" PRIu64,
                         id, last_id);
    *ret_id = id;
    return 0;
}

static int
read_kinds(struct verb_call *call, uint64_t *ret_mask)
{
    const char *text = verb_param(call, PARAM_KIND);
    char shown[SHOWN_SIZE], known[EVENTS_KINDS * 24] = "";
    const char *bad;

    *ret_mask = UINT64_MAX;
    if (!text || events_parse_kinds(text, ret_mask, &bad) == 0)
        return 0;
    text_escape(shown, sizeof(shown), bad);
    shown[strcspn(shown, ",")] = '\0';
    for (unsigned i = 0; i < EVENTS_KINDS; i++)
        text_append(known, sizeof(known), "%s%s", i > 0 ? ", " : "",
                    events_kind_name((enum events_kind)i));
    return verb_fail(call, REQUEST_INVALID_PARAMS,
                     "There is no kind of event '%s'; there are: %s", shown,
                     known);
}

int
event_check_filter(struct verb_call *call)
{
    struct vm_list list = { 0 };
    uint64_t kinds;
    int r = read_kinds(call, &kinds);

    /* Domain 0 is always there to be compared with. */
    if (r == 0 && vm_has_selector(call)) {
        r = vm_select(call, &list);
        if (r == 0)
            vm_list_done(&list);
    }
    return r;
}

/* What an event still knows of a domain that is gone. */
static struct json_object *
identity_record(const struct vm_names *names)
{
    struct json_object *record = json_object_new_object();

    json_set_text(record, FIELD_UUID, names->uuid);
    json_set_text(record, FIELD_NAME, names->name);
    json_set_number(record, FIELD_DOMID, names->domid);
    return record;
}

/* Names and numbers are the event's, all else is as the domain is now. */
static int
is_about_selected(struct verb_call *call, const struct events_entry *e,
                  bool *ret)
{
    const struct guest *g = guest_find(&call->b->guests, e->domid);
    struct vm_names names = { e->name, e->uuid, e->domid };
    struct json_object *record;
    int r;

    if (!g || strcmp(g->facts.uuid, e->uuid) != 0)
        g = NULL;
    record = g ? vm_record(call->b, g) : identity_record(&names);
    r = vm_is_selected(call, &names, record, ret);
    json_object_put(record);
    return r;
}

static int
passes(struct verb_call *call, const struct events_entry *e, bool *ret)
{
    uint64_t kinds;
    int r = read_kinds(call, &kinds);

    if (r < 0)
        return r;
    *ret = (kinds & UINT64_C(1) << e->kind) != 0;
    if (!*ret || !vm_has_selector(call))
        return 0;
    *ret = e->uuid[0] != '\0';
    return *ret ? is_about_selected(call, e, ret) : 0;
}

int
event_next_match(struct verb_call *call, uint64_t *id,
                 const struct events_entry **ret)
{
    const struct events *ev = call->b->events;
    const struct events_entry *e = events_after(ev, *id);
    bool is_one = false;

    for (; e && !is_one; e = events_next(ev, e)) {
        int r = passes(call, e, &is_one);

        if (r < 0)
            return r;
        *id = e->id;
        *ret = e;
    }
    if (!is_one)
        *ret = NULL;
    return 0;
}
