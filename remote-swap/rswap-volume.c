/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what was found to steps. */
#include <config.h>

#include <string.h>

#include "rswap-volume.h"

struct rswap_found_leg *
rswap_volume_leg(struct rswap_volume *v, const char *name)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (strcmp(v->legs[i].name, name) == 0)
            return &v->legs[i];
    return NULL;
}

static bool
is_found(const struct rswap_volume *v, const struct rswap_leg *leg)
{
    char name[RSWAP_LEG_NAME_SIZE];

    rswap_leg_name(leg, name);
    for (size_t i = 0; i < v->n_legs; i++)
        if (strcmp(v->legs[i].name, name) == 0)
            return true;
    return false;
}

static size_t
count_found(const struct rswap_volume *v, enum rswap_leg_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < v->n_legs; i++)
        n += v->legs[i].kind == kind;
    return n;
}

static void
legs_step(const struct rswap_volume *v, const struct rswap_leg *legs, size_t n,
          enum rswap_leg_kind kind, struct rswap_there_is *ret)
{
    enum rswap_step step = kind == RSWAP_LEG_FILE ? RSWAP_FILE : RSWAP_NBD;
    size_t n_found = count_found(v, kind);
    size_t n_wanted = 0, n_there = 0;

    for (size_t i = 0; i < n; i++) {
        n_wanted += legs[i].kind == kind;
        n_there += legs[i].kind == kind && is_found(v, &legs[i]);
    }
    ret->is_wanted[step] = legs ? n_wanted > 0 : n_found > 0;
    ret->step[step] = n_found == 0         ? RSWAP_ABSENT
                      : n_there < n_wanted ? RSWAP_HALF
                                           : RSWAP_THERE;
}

static enum rswap_there
there_if(bool is_there)
{
    return is_there ? RSWAP_THERE : RSWAP_ABSENT;
}

static enum rswap_there
half_if_not(bool is_begun, bool is_whole)
{
    return !is_begun ? RSWAP_ABSENT : is_whole ? RSWAP_THERE : RSWAP_HALF;
}

void
rswap_volume_steps(const struct rswap_volume *v, const struct rswap_leg *legs,
                   size_t n, struct rswap_there_is *ret)
{
    legs_step(v, legs, n, RSWAP_LEG_FILE, ret);
    legs_step(v, legs, n, RSWAP_LEG_NBD, ret);
    for (int i = RSWAP_STACK; i < RSWAP_STEPS; i++)
        ret->is_wanted[i] = true;
    ret->step[RSWAP_STACK] = half_if_not(v->md[0] != '\0', v->is_running);
    ret->step[RSWAP_LABEL] = there_if(v->is_labelled);
    ret->step[RSWAP_VBD] =
        half_if_not(v->vbd.domid > 0,
                    v->vbd.is_connected && v->vbd.is_secluded);
    ret->step[RSWAP_OFFER] = there_if(v->is_offered);
}

bool
rswap_volume_has_other(const struct rswap_volume *v,
                       const struct rswap_found_leg *leg)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (&v->legs[i] != leg && v->legs[i].state == RSWAP_LEG_IN_SYNC)
            return true;
    return false;
}
