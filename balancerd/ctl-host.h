/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* This host as a record in the shape of xe's. */
#ifndef CTL_HOST_H
#define CTL_HOST_H

struct account;
struct balancer;
struct json_object;

/* The host as it was observed last; the caller owns it. */
struct json_object *host_record(const struct balancer *b);
/* The sum that closes, and what of it is promised; likewise. */
struct json_object *account_record(const struct account *a);

#endif
