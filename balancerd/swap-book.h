/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wishes for volumes, checked, kept on disk, and begun. */
#ifndef SWAP_BOOK_H
#define SWAP_BOOK_H

#include "swap.h"

struct balancer;
struct guest;

#define SWAP_BOOK_ERROR_SIZE 512

/* A volume that is wanted. */
struct swap_ask {
    uint64_t size_kib;
    size_t n_legs;
    char legs[RSWAP_LEGS_MAX][VOLUME_LEG_SIZE];
    const char *peer;  /* who is to lend, if there are no legs; NULL: any */
    bool is_automatic; /* nobody asks for it */
    uint64_t move_kib_per_s; /* HOST_UNSET: as the configuration has it */
};

/* Adds "LEG,LEG,..." to the legs.  0, or -EINVAL and a sentence. */
int swap_ask_legs(struct swap_ask *ask, const char *text,
                  char error[SWAP_BOOK_ERROR_SIZE]);
/* May g have that volume?  The disk's leg is added if there is one leg only.
 * 0 and the volume, which is on its way; -EINVAL, -EEXIST, -EPERM (its policy),
 * -ERANGE (its max-size), -EOPNOTSUPP, -ENOSPC, -EIO and a
 * sentence. */
int swap_book_attach(struct balancer *b, const struct guest *g,
                     struct swap_ask *ask, struct swap_volume **ret,
                     char error[SWAP_BOOK_ERROR_SIZE]);
/* It is to go.  0, or -EIO and a sentence. */
int swap_book_detach(struct balancer *b, struct swap_volume *v, bool is_forced,
                     char error[SWAP_BOOK_ERROR_SIZE]);
/* The largest volume that the domain may have; UINT64_MAX: any. */
uint64_t swap_book_max_kib(const struct balancer *b, const struct guest *g);

#endif
