/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rswap-attach's one line of JSON. */
#ifndef RSWAP_REPORT_H
#define RSWAP_REPORT_H

#include <json-c/json.h>

#include "rswap-failure.h"
#include "rswap-volume.h"

struct json_object *rswap_report_volume(const struct rswap_volume *v);
struct json_object *
rswap_report_failure(const struct rswap_failure *f, bool is_undone);
/* Prints and forgets it.  0 or -errno. */
int rswap_report_print(struct json_object *object);

#endif
