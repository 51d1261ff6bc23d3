/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The volumes that this host's domains have: what is wanted of them, which is
 * kept on disk, and what is known of them, which is not.
 */
#ifndef SWAP_H
#define SWAP_H

#include "host.h"
#include "volume.h"

#define SWAP_VOLUMES_MAX  64
#define SWAP_SIZE_MIN_KIB (16 * 1024)
#define SWAP_LENDER_SIZE  48 /* a peer's name */
#define SWAP_OWED_MAX     4

/* As rswap-attach found it.  The guest's part is untrusted. */
struct swap_facts {
    bool is_attached;
    bool is_damaged; /* a leg has failed or is missing */
    char vdev[VOLUME_WORD_SIZE];
    char device[VOLUME_WORD_SIZE];
    uint64_t device_kib; /* HOST_UNSET: none */
    uint64_t sync_permyriad;
    size_t n_legs;
    struct {
        char name[RSWAP_LEG_NAME_SIZE];
        char state[VOLUME_WORD_SIZE];
    } legs[RSWAP_LEGS_MAX];
    char guest_state[VOLUME_WORD_SIZE]; /* "": it says nothing */
    uint64_t used_kib;                  /* HOST_UNSET */
};

enum swap_wish {
    SWAP_WANTED,
    SWAP_UNWANTED,
    SWAP_FORCED, /* unwanted, whatever becomes of the guest */
};

struct swap_volume {
    char uuid[PARSE_UUID_SIZE];
    /* kept: */
    char domain[PARSE_UUID_SIZE];
    uint32_t domid;
    uint64_t size_kib;
    size_t n_legs;
    char legs[RSWAP_LEGS_MAX][VOLUME_LEG_SIZE];     /* "": to be lent ... */
    char lenders[RSWAP_LEGS_MAX][SWAP_LENDER_SIZE]; /* ... "": by nobody */
    char peer[SWAP_LENDER_SIZE];                    /* "": any */
    size_t n_owed;
    char owed[SWAP_OWED_MAX][SWAP_LENDER_SIZE]; /* who may have lent to it */
    bool is_automatic;                          /* nobody asked for it */
    /* At which pages on the domain's other swap areas follow; 0: they stay. */
    uint64_t move_kib_per_s;
    enum swap_wish wish;
    /* not kept: */
    enum volume_state state;
    uint64_t since_ms;
    uint64_t due_ms;                 /* unless something else happens */
    enum volume_deed deed;           /* under way */
    bool was_attached;               /* it has been told */
    bool is_degraded;                /* as its mirror says */
    bool has_refused[SWAP_OWED_MAX]; /* who is owed, since it began to ask */
    char paying[SWAP_LENDER_SIZE];   /* whose memory is on its way back; "" */
    uint64_t pay_ms;                 /* not before that */
    size_t shed;                     /* the leg that is to go */
    char lost_name[RSWAP_LEG_NAME_SIZE]; /* of the leg that was lost, or is
                                          * being replaced */
    struct swap_facts facts;
    char code[VOLUME_WORD_SIZE]; /* of the last failure; "" */
    char error[VOLUME_ERROR_SIZE];
    uint64_t needed_kib; /* HOST_UNSET */
    uint64_t available_kib;
};

struct swap_lend;
struct swap_run;

struct swap {
    struct swap_run *run;   /* not owned; NULL: there is no remote swap here */
    struct swap_lend *lend; /* not owned; NULL: nobody lends */
    const char *dir;        /* not owned; NULL: nothing is kept */
    bool is_foreign;        /* what is kept there is of a newer balancerd */
    size_t n;
    struct swap_volume *list[SWAP_VOLUMES_MAX];
};

struct swap_volume *swap_find(const struct swap *s, const char *uuid);
/* The one that this domain has, or had last; NULL. */
struct swap_volume *swap_of(const struct swap *s, const char *domain);
/* Has its domain got rid of it?  Lenders may still have to hear of that. */
bool swap_is_over(const struct swap_volume *v);
/* Zeroed; NULL: no memory or no place. */
struct swap_volume *swap_new(struct swap *s);
void swap_drop(struct swap *s, const struct swap_volume *v);
void swap_done(struct swap *s);
/* The first leg that is not there, or has failed; n_legs: none. */
size_t swap_lost_leg(const struct swap_volume *v);

#endif
