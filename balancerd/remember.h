/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stage of the loop that keeps samples of who holds how much. */
#ifndef REMEMBER_H
#define REMEMBER_H

struct balancer;

/* Every second, if it is called so often. */
void remember_sample(struct balancer *b);

#endif
