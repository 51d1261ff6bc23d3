/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stage of the loop that sees what has changed by itself, and tells. */
#ifndef NOTICE_H
#define NOTICE_H

struct balancer;

/* Domains that came or went since the last call, and what is new about the
 * others: state, pain, range.  Those of the first call are no news. */
void notice_guests(struct balancer *b);
/* Is free memory short of what is promised, and was it before? */
void notice_squeeze(struct balancer *b);

#endif
