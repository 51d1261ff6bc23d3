/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a volume and a deed to rswap-attach's command line. */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "swap-child.h"

#define FILE_LEG "file:"

static void __attribute__((format(printf, 2, 3)))
add(struct swap_child_args *a, const char *format, ...)
{
    char *text = a->texts[a->n];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(a->texts[0]), format, args);
    va_end(args);
    a->argv[a->n++] = text;
    a->argv[a->n] = NULL;
}

static void
add_legs(struct swap_child_args *a, const struct swap_volume *v, const char *of)
{
    for (size_t i = 0; i < v->n_legs; i++)
        if (strncmp(v->legs[i], of, strlen(of)) == 0)
            add(a, "leg=%s", v->legs[i]);
}

void
swap_child_args(struct swap_child_args *ret, const char *program,
                const struct swap_volume *v)
{
    size_t lost = swap_lost_leg(v);

    ret->n = 0;
    add(ret, "%s", program);
    add(ret, "%s", volume_deed_command(v->deed));
    add(ret, "volume=%s", v->uuid);
    switch (v->deed) {
    case VOLUME_DO_ATTACH:
        add(ret, "domid=%u", v->domid);
        add(ret, "size=%" PRIu64 "KiB", v->size_kib);
        add_legs(ret, v, "");
        if (v->move_kib_per_s > 0)
            add(ret, "move=%" PRIu64 "KiB", v->move_kib_per_s);
        break;
    case VOLUME_DO_REPLACE:
        add(ret, "leg=%s", v->legs[lost < v->n_legs ? lost : 0]);
        break;
    case VOLUME_DO_SHED:
        add(ret, "leg=%s", v->legs[v->shed]);
        break;
    case VOLUME_DO_DETACH:
        add_legs(ret, v, FILE_LEG);
        if (v->wish == SWAP_FORCED)
            add(ret, "force=yes");
        break;
    case VOLUME_DO_NOTHING:
    case VOLUME_DO_LOOK:
    case VOLUME_DO_ASK:
    case VOLUME_DO_WITHDRAW:
    case VOLUME_DO_RETURN:
        break;
    }
}
