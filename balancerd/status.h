/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xenstore shows of the balancer's knowledge, written on change. */
#ifndef STATUS_H
#define STATUS_H

struct balancer;

/* Below /balancer/domain/<domid>/: "error" says why keys of a range are
 * refused, "can-balloon" remembers across restarts whose balloon driver has
 * proven itself.  Goes when the domain goes. */
void status_publish(struct balancer *b);

#endif
