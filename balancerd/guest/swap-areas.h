/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /proc/swaps, whole: with directories and priorities. */
#ifndef GUEST_SWAP_AREAS_H
#define GUEST_SWAP_AREAS_H

#include <stddef.h>
#include <stdint.h>

#define SWAP_AREAS_MAX      16
#define SWAP_AREA_PATH_SIZE 256
#define SWAP_AREAS_SIZE     8192 /* of the text */

struct swap_area {
    char path[SWAP_AREA_PATH_SIZE];
    uint64_t size_kib;
    uint64_t used_kib;
    int priority; /* below 0: the kernel's choice */
};

/* How many there are; those whose line or name is odd are left out. */
size_t swap_areas_parse(const char *text, struct swap_area ret[SWAP_AREAS_MAX]);

#endif
