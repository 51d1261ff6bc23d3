/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for the rules that decide on targets. */
#include <config.h>

#include "plan-rule.h"

const char *
plan_rule_text(enum plan_rule rule)
{
    switch (rule) {
    case PLAN_SHARE:
        return "its share";
    case PLAN_G1_RANGE:
        return "held in its dynamic range (G1)";
    case PLAN_G2_BUDGET:
        return "cut: the host needs free memory (G2)";
    case PLAN_G3_WAIT:
        return "grows when others have freed (G3)";
    case PLAN_G5_PROBE:
        return "probed for a balloon driver (G5)";
    case PLAN_G6_RETRACT:
        return "cannot reach its target: told to stay (G6)";
    case PLAN_G7_THRASHING:
        return "thrashing: not shrunk (G7)";
    case PLAN_G8_FLOOR:
        return "at its floor (G8)";
    case PLAN_G9_REST:
        return "change too small or too soon (G9)";
    case PLAN_KEPT:
        return "the engine had no wish";
    }
    return "";
}

const char *
plan_rule_name(enum plan_rule rule)
{
    switch (rule) {
    case PLAN_SHARE:
        return "share";
    case PLAN_G1_RANGE:
        return "G1";
    case PLAN_G2_BUDGET:
        return "G2";
    case PLAN_G3_WAIT:
        return "G3";
    case PLAN_G5_PROBE:
        return "G5";
    case PLAN_G6_RETRACT:
        return "G6";
    case PLAN_G7_THRASHING:
        return "G7";
    case PLAN_G8_FLOOR:
        return "G8";
    case PLAN_G9_REST:
        return "G9";
    case PLAN_KEPT:
        return "kept";
    }
    return "";
}
