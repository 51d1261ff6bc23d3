/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stage of the loop that keeps a sample of the host's account. */
#ifndef REMEMBER_H
#define REMEMBER_H

struct balancer;

/* Every ten seconds, if it is called so often. */
void remember_sample(struct balancer *b);

#endif
