/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The legs of a volume as they are named: where one copy of its pages is. */
#ifndef RSWAP_LEG_H
#define RSWAP_LEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSWAP_LEGS_MIN 2
#define RSWAP_LEGS_MAX 4

/* DNS allows 253 characters. */
#define RSWAP_HOST_SIZE 254
/* NBD allows 4096; lease tokens are shorter. */
#define RSWAP_EXPORT_SIZE    256
#define RSWAP_DIRECTORY_SIZE 256
#define RSWAP_LEG_NAME_SIZE  320

enum rswap_leg_kind {
    RSWAP_LEG_NONE,
    RSWAP_LEG_NBD,
    RSWAP_LEG_FILE,
};

struct rswap_leg {
    enum rswap_leg_kind kind;
    char host[RSWAP_HOST_SIZE]; /* without brackets */
    uint16_t port;
    char export_name[RSWAP_EXPORT_SIZE]; /* may be empty */
    char directory[RSWAP_DIRECTORY_SIZE];
};

/* "nbd:HOST:PORT:EXPORT", "nbd:HOST:PORT" or "file:DIRECTORY".  0 or
 * -EINVAL. */
int rswap_leg_parse(const char *text, struct rswap_leg *ret);

/* "nbd:10.0.0.2:10809", "file:/var/swap": what tells it from all other legs of
 * its volume, and may be shown.  Returns name. */
const char *
rswap_leg_name(const struct rswap_leg *leg, char name[RSWAP_LEG_NAME_SIZE]);

/* Why these cannot be the legs of one volume, as a sentence; NULL if they can:
 * a failure of one host must leave a copy. */
const char *rswap_legs_fault(const struct rswap_leg *legs, size_t n);
/* The same for how many there are: no other leg is known. */
bool rswap_legs_could_stand(size_t n_nbd, size_t n_files);

#endif
