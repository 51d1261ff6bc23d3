/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The first page of a Linux swap area: what it is called and how large it is.
 * Domain 0 writes it on a device that it offers to a guest, so that the guest
 * can tell it from every other.
 */
#ifndef PROTO_SWAP_HEADER_H
#define PROTO_SWAP_HEADER_H

#include <stdint.h>

#include "util/parse.h"

/* Of the guest's pages, which on x86 have this size. */
#define SWAP_HEADER_BYTES 4096
#define SWAP_LABEL_SIZE   16 /* 15 characters and a NUL */
/* The kernel wants to have more than the header. */
#define SWAP_MIN_KIB 40

struct swap_header {
    char uuid[PARSE_UUID_SIZE];
    char label[SWAP_LABEL_SIZE];
    uint64_t size_kib; /* header included */
};

/* What a volume's swap area is called: "rswap-8a1cf00d".  label has room. */
void swap_header_label(const char *uuid, char ret_label[SWAP_LABEL_SIZE]);

/* A whole page; the amount is cut to whole pages.  0; -EINVAL: no such uuid or
 * label; -ERANGE: too small, or too large for 32 bits of pages. */
int swap_header_format(const struct swap_header *h,
                       unsigned char ret_page[SWAP_HEADER_BYTES]);

/* 0; -EINVAL: no swap area, or one that this kernel's byte order cannot read;
 * -ERANGE: a size that cannot be. */
int swap_header_parse(const unsigned char page[SWAP_HEADER_BYTES],
                      struct swap_header *ret);

#endif
