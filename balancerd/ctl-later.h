/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verbs whose answer somebody else gives. */
#ifndef CTL_LATER_H
#define CTL_LATER_H

#include "ctl-verbs.h"
#include "laters.h"

/* The call's answer is that, whenever it comes.  NULL with call->error. */
struct later *verb_wait_later(struct verb_call *call);

#endif
