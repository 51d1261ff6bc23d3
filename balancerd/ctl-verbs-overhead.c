/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs about what domains cost beyond their memory: ...-compute-... */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ctl-verb-list.h"
#include "ctl-vm.h"
#include "log.h"
#include "overhead-learn.h"
#include "proto/fields.h"
#include "proto/params.h"
#include "squeeze.h"
#include "tick.h"
#include "util/parse.h"
#include "util/text.h"
#include "util/units.h"

/* xapi's, for a domain whose processors are not yet settled. */
#define APPROXIMATE_VCPUS 64
/* More than Xen knows, and far from any overflow. */
#define VCPUS_MAX 4096
/* What of a client's wrong word is repeated to it. */
#define SHOWN_SIZE 80

static int
answer_amount(struct verb_call *call, const char *member, uint64_t kib)
{
    call->result = json_object_new_object();
    json_set_number(call->result, member, kib);
    return 0;
}

int
verb_host_compute_free_memory(struct verb_call *call)
{
    int r = verb_observe(call);

    if (r < 0)
        return r;
    return answer_amount(call, FIELD_HOST_FREE_COMPUTED,
                         squeeze_available_kib(&call->b->snapshot));
}

int
verb_host_compute_memory_overhead(struct verb_call *call)
{
    int r = verb_observe(call);

    if (r < 0)
        return r;
    return answer_amount(call, FIELD_MEMORY_OVERHEAD,
                         overhead_host_kib(call->b));
}

int
verb_vm_compute_memory_overhead(struct verb_call *call)
{
    const struct balancer *b = call->b;
    uint32_t domid = 0;
    int r;

    if (verb_param(call, PARAM_CONFIG))
        return verb_fail(call, REQUEST_INVALID_PARAMS,
                         "What a file says is balancerctl's to find out; ask "
                         "for vm-compute-memory-need then");
    r = vm_select_one(call, &domid);
    if (r < 0)
        return r;
    return answer_amount(call, FIELD_MEMORY_OVERHEAD,
                         overhead_guest_kib(guest_find(&call->b->guests, domid),
                                            &b->lessons));
}

int
verb_vm_compute_maximum_memory(struct verb_call *call)
{
    struct overhead_config config;
    bool is_approximate = false;
    uint64_t total_kib = 0;
    uint32_t domid = 0;
    int r = verb_size(call, PARAM_TOTAL, &total_kib);

    if (r == 0)
        r = verb_bool(call, PARAM_APPROXIMATE, &is_approximate);
    if (r == 0)
        r = vm_select_one(call, &domid);
    if (r < 0)
        return r;
    config = overhead_guest_config(guest_find(&call->b->guests, domid),
                                   &call->b->lessons);
    if (is_approximate)
        config.vcpus = APPROXIMATE_VCPUS;
    return answer_amount(call, FIELD_STATIC_MAX,
                         overhead_largest_kib(&config, total_kib));
}

/* xe's refusal of a word that can be read, but makes no sense. */
static int
refuse_value(struct verb_call *call, const char *key, const char *expected)
{
    char shown[SHOWN_SIZE];

    verb_fail(call, REQUEST_INVALID_PARAMS, "The value given is invalid: %s",
              expected);
    verb_detail_text(call, "field", key);
    verb_detail_text(call, "value",
                     text_escape(shown, sizeof(shown), verb_param(call, key)));
    return -EINVAL;
}

static int
read_multiplier(struct verb_call *call, uint32_t *ret_permille)
{
    const char *text = verb_param(call, PARAM_MULTIPLIER);

    if (!text || (parse_permille(text, ret_permille) == 0 &&
                  *ret_permille >= OVERHEAD_MULTIPLIER_ONE))
        return 0;
    return refuse_value(call, PARAM_MULTIPLIER,
                        "expecting a number of at least 1");
}

static int
read_kind(struct verb_call *call, struct overhead_config *config)
{
    if (overhead_kind_parse(verb_param(call, PARAM_TYPE), &config->kind) < 0)
        return refuse_value(call, PARAM_TYPE,
                            "expecting pv, pvh, hvm or pv-in-pvh");
    config->has_hap = config->kind != OVERHEAD_PV;
    return verb_bool(call, PARAM_HAP, &config->has_hap);
}

static int
read_vcpus(struct verb_call *call, uint32_t *ret)
{
    const char *text = verb_param(call, PARAM_VCPUS);
    uint64_t vcpus = *ret;

    if (text && parse_u64(text, 1, VCPUS_MAX, &vcpus) < 0)
        return refuse_value(call, PARAM_VCPUS, "expecting 1 to 4096");
    *ret = (uint32_t)vcpus;
    return 0;
}

static int
read_config(struct verb_call *call, struct overhead_config *config)
{
    int r = read_kind(call, config);

    if (r == 0)
        r = read_vcpus(call, &config->vcpus);
    if (r == 0)
        r = read_multiplier(call, &config->multiplier_permille);
    if (r == 0)
        r = verb_size(call, PARAM_MAXMEM, &config->static_max_kib);
    if (r == 0)
        r = verb_size(call, PARAM_VIDEORAM, &config->videoram_kib);
    if (r == 0)
        r = verb_size(call, PARAM_STUB_DOMAIN, &config->stubdom_kib);
    return r;
}

int
verb_vm_compute_memory_need(struct verb_call *call)
{
    struct overhead_config config = {
        .vcpus = 1,
        .multiplier_permille = OVERHEAD_MULTIPLIER_ONE,
    };
    uint64_t memory_kib = 0, predicted_kib = 0, lesson_kib;
    int r = verb_size(call, PARAM_MEMORY, &memory_kib);

    config.static_max_kib = memory_kib;
    if (r == 0)
        r = read_config(call, &config);
    if (r == 0)
        r = verb_size(call, PARAM_OVERHEAD, &predicted_kib);
    if (r < 0)
        return r;
    predicted_kib =
        max_u64(predicted_kib, overhead_predicted_kib(&config, memory_kib));
    lesson_kib =
        min_u64(overhead_lesson_kib(
                    &call->b->lessons.of_type[overhead_kind_type(config.kind)]),
                overhead_lesson_max_kib(predicted_kib));
    call->result = json_object_new_object();
    json_set_number(call->result, FIELD_NEED,
                    sat_add(memory_kib, sat_add(predicted_kib, lesson_kib)));
    json_set_number(call->result, FIELD_OVERHEAD,
                    sat_add(predicted_kib, lesson_kib));
    json_set_number(call->result, FIELD_PREDICTED, predicted_kib);
    json_set_number(call->result, FIELD_LESSON, lesson_kib);
    return 0;
}

/* Has it page tables that a multiplier is about, and does it run? */
static int
check_multiplicand(struct verb_call *call, const struct guest *g)
{
    cleanup_json struct json_object *record = vm_record(call->b, g);

    if (g->facts.type == HOST_DOMAIN_PV) {
        verb_fail(call, REQUEST_NOT_IMPLEMENTED,
                  "This function is not implemented: shadow_multiplier for PV "
                  "domains");
        verb_detail(call, FIELD_DOMID, g->facts.domid);
        return -EINVAL;
    }
    if (strcmp(json_get_text(record, FIELD_POWER_STATE), VM_RUNNING) != 0)
        return vm_refuse_power_state(call, record, VM_RUNNING);
    return 0;
}

static int
refuse_growth(struct verb_call *call, uint64_t needed_kib)
{
    int64_t spare_kib = account_spare_kib(&call->b->snapshot.account);

    verb_fail(call, REQUEST_NOT_ENOUGH_MEMORY,
              "Not enough server memory is available to perform this "
              "operation.");
    verb_detail(call, FIELD_NEEDED, needed_kib);
    verb_detail(call, FIELD_AVAILABLE, spare_kib > 0 ? (uint64_t)spare_kib : 0);
    return -EINVAL;
}

/* From xen's errors to the client's. */
static int
refuse_paging(struct verb_call *call, const struct guest *g, int error)
{
    if (error == -ESRCH)
        return verb_fail(call, REQUEST_NO_MATCH, "Domain %u is gone",
                         g->facts.domid);
    return verb_fail(call, REQUEST_HOST_FAILED,
                     "Domain %u: Xen does not set the memory of its page "
                     "tables: %s",
                     g->facts.domid, strerror(-error));
}

static int
set_paging(struct verb_call *call, struct guest *g, uint64_t kib)
{
    struct balancer *b = call->b;
    int64_t spare_kib = account_spare_kib(&b->snapshot.account);
    uint64_t old_kib = 0;
    int r = b->host->ops->get_paging(b->host, g->facts.domid, &old_kib);

    if (r < 0)
        return refuse_paging(call, g, r);
    if (kib > old_kib && delta_u64(kib, old_kib) > spare_kib)
        return refuse_growth(call, kib - old_kib);
    r = b->host->ops->set_paging(b->host, g->facts.domid, kib);
    if (r == -ENOMEM)
        return refuse_growth(call, sat_sub(kib, old_kib));
    if (r < 0)
        return refuse_paging(call, g, r);
    log_info("dom %u: memory for its page tables %" PRIu64 " -> %" PRIu64
             " KiB: asked for",
             g->facts.domid, old_kib, kib);
    overhead_note_paging(b, g, old_kib, kib);
    call->has_changed = true;
    return 0;
}

int
verb_vm_memory_shadow_multiplier_set(struct verb_call *call)
{
    uint32_t permille = OVERHEAD_MULTIPLIER_ONE, domid = 0;
    struct overhead_config config;
    struct guest *g;
    int r = read_multiplier(call, &permille);

    if (r == 0)
        r = vm_select_one(call, &domid);
    if (r < 0)
        return r;
    g = guest_find(&call->b->guests, domid);
    r = check_multiplicand(call, g);
    if (r < 0)
        return r;
    config = overhead_guest_config(g, NULL);
    config.multiplier_permille = permille;
    return set_paging(call, g, overhead_paging_kib(&config));
}
