/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The toolstack as vm-start needs it: what a domain will need, its birth and,
 * if that was interrupted, its end. */
#ifndef CLI_XL_H
#define CLI_XL_H

#include <stdint.h>
#include <sys/types.h>

#include "util/uuid.h"

#define XL_NAME_SIZE 256
#define XL_TYPE_SIZE 16

/* What a domain of a configuration file is and needs. */
struct xl_domain {
    char name[XL_NAME_SIZE];
    char uuid[UUID_SIZE]; /* the file's or a fresh one */
    char type[XL_TYPE_SIZE];
    uint64_t vcpus;
    uint64_t memory_kib;
    uint64_t maxmem_kib;
    uint64_t xl_overhead_kib; /* what libxl wants beyond memory_kib */
    /* see sizing_ask */
    uint64_t need_kib; /* all that Xen will take for it */
    uint64_t overhead_kib;
    uint64_t lesson_kib; /* part of that */
};

/* 0 or -errno; what is wrong is on standard error then. */
int xl_need(const char *config, struct xl_domain *ret);
/* Starts "xl create"; see child_wait. */
int xl_create(const char *config, const char *uuid, pid_t *ret_pid);
int xl_destroy(uint64_t domid);

#endif
