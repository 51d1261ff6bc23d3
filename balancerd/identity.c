/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Xen gives a host no uuid: its operating system's machine id stands for it. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "identity.h"
#include "util/cleanup.h"
#include "util/parse.h"
#include "util/text.h"

#define DIGITS 32

/* machine-id(5), and where it is without systemd. */
static const char *const paths[] = {
    "/etc/machine-id",
    "/var/lib/dbus/machine-id",
};

int
identity_parse(const char *machine_id, char ret_uuid[HOST_UUID_SIZE])
{
    size_t length = strcspn(machine_id, "\n");
    char text[HOST_UUID_SIZE];

    if (length != DIGITS)
        return -EINVAL;
    snprintf(text, sizeof(text), "%.8s-%.4s-%.4s-%.4s-%.12s", machine_id,
             machine_id + 8, machine_id + 12, machine_id + 16, machine_id + 20);
    return parse_uuid(text, ret_uuid);
}

static int
read_uuid(const char *path, char ret_uuid[HOST_UUID_SIZE])
{
    cleanup_fclose FILE *file = fopen(path, "re");
    char line[DIGITS + 2] = "";

    if (!file || !fgets(line, sizeof(line), file))
        return -ENOENT;
    return identity_parse(line, ret_uuid);
}

void
identity_read(struct identity *ret)
{
    struct utsname names;
    size_t i = 0;

    snprintf(ret->uuid, sizeof(ret->uuid), "%s", IDENTITY_NIL);
    while (i < sizeof(paths) / sizeof(paths[0]) &&
           read_uuid(paths[i], ret->uuid) < 0)
        i++;
    text_escape(ret->name, sizeof(ret->name),
                uname(&names) == 0 ? names.nodename : "");
}
