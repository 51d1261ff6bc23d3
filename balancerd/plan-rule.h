/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules that can have the last word on a domain's target. */
#ifndef PLAN_RULE_H
#define PLAN_RULE_H

/* Names are G-numbers' own. */
enum plan_rule {
    PLAN_SHARE,        /* the engine's wish as it was */
    PLAN_G1_RANGE,     /* held in the dynamic range */
    PLAN_G2_BUDGET,    /* cut: the host needs free memory */
    PLAN_G3_WAIT,      /* may grow once others have freed */
    PLAN_G6_RETRACT,   /* cannot reach its target: told to stay */
    PLAN_G7_THRASHING, /* thrashes: not shrunk */
    PLAN_G8_FLOOR,     /* its floor */
    PLAN_G9_REST,      /* too small or too soon a change */
    PLAN_G5_PROBE,     /* a small change that shows if it has a balloon */
    PLAN_KEPT,         /* the engine failed: target stays */
};

/* In words, with its number. */
const char *plan_rule_text(enum plan_rule rule);
/* For scripts: "G2"; "share", "kept" where no rule had a word. */
const char *plan_rule_name(enum plan_rule rule);

#endif
