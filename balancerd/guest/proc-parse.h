/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the text of files in /proc to a sample.  Kernels differ: what a file
 * does not have, or has in another form, stays unknown.
 */
#ifndef GUEST_PROC_PARSE_H
#define GUEST_PROC_PARSE_H

#include "proto/sample.h"

void proc_parse_meminfo(const char *text, struct sample *s);
void proc_parse_vmstat(const char *text, struct sample *s);
/* /proc/pressure/memory */
void proc_parse_pressure(const char *text, struct sample *s);
void proc_parse_swaps(const char *text, struct sample *s);

#endif
