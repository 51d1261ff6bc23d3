/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is lent and borrowed, for scripts. */
#include <config.h>

#include <inttypes.h>

#include <json-c/json.h>

#include "proto/fields-peer.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "show.h"
#include "util/units.h"

/* What could be lent now, in bytes. */
void
show_pool_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%" PRIu64 "\n",
            mul_div(json_get_number(result, FIELD_LENDABLE), BYTES_PER_KIB, 1));
}

/* What an NBD client needs, as nbd-client takes it: token, host, port. */
void
show_lease_minimal(struct json_object *result, FILE *out)
{
    fprintf(out, "%s,%s,%" PRIu64 "\n", json_text(result, FIELD_TOKEN),
            json_text(result, FIELD_HOST), json_get_number(result, FIELD_PORT));
}
