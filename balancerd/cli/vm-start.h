/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vm-start: room first, then the domain. */
#ifndef CLI_VM_START_H
#define CLI_VM_START_H

#include "args.h"
#include "exit.h"

/* Prints what there is to say; one of enum cli_exit, or 128 + a signal. */
int vm_start(const struct args *args);

#endif
