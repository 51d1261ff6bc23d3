/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reservations as clients see them, and the words for their end. */
#ifndef CTL_RESERVATION_H
#define CTL_RESERVATION_H

#include <stdint.h>

#include "proto/request.h"
#include "reserve.h"

struct balancer;

/* The caller owns them. */
struct json_object *
reservation_record(const struct reservation *r, uint64_t now_ms);
struct json_object *reservation_records(const struct balancer *b);

/* Why r was not granted after all; why is the loop's sentence. */
void reservation_refusal(const struct reservation *r, const char *why,
                         struct request_error *ret);
/* Somebody released r while its client was waiting for it. */
void reservation_withdrawal(const char *id, struct request_error *ret);

#endif
