/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metrics of every domain. */
#ifndef METRICS_DOMAINS_H
#define METRICS_DOMAINS_H

struct evbuffer;
struct guest_table;

void
metrics_write_domains(struct evbuffer *out, const struct guest_table *guests);

#endif
