/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has decisions recorded, next to the settings. */
#include <config.h>

#include <string.h>

#include "daemon-private.h"
#include "log.h"
#include "record.h"
#include "util/units.h"

#define NAME "decisions"

void
daemon_record(struct daemon *d)
{
    const char *dir = d->balancer.settings_dir;
    char path[CONF_DIRECTORY_SIZE + sizeof(NAME) + 1];
    int r = 0;

    d->record = record_close(d->record);
    d->balancer.record = NULL;
    if (d->conf.record_kib == 0)
        return;
    if (!dir) {
        log_warnx("decisions are not recorded: there is no directory of "
                  "settings");
        return;
    }
    snprintf(path, sizeof(path), "%s/" NAME, dir);
    d->record = record_open(path, d->conf.record_kib * BYTES_PER_KIB, &r);
    d->balancer.record = d->record;
    if (r < 0)
        log_warn(-r, "decisions are not recorded: %s", path);
    else
        log_info("decisions are recorded in %s", path);
}
