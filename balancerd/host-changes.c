/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers each change once. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "host-changes.h"
#include "proto/keys.h"

void
host_changes_begin(struct host_changes *c, const char *dir)
{
    *c = (struct host_changes){ .dir = dir, .is_all = true };
}

/* Of a path below dir what follows it; "" for dir itself and what is above,
 * NULL for a path elsewhere. */
static const char *
relative(const struct host_changes *c, const char *path)
{
    size_t dir_length = c->dir ? strlen(c->dir) : 0;
    size_t length = strlen(path);

    if (dir_length == 0)
        return NULL;
    if (length > dir_length)
        return strncmp(path, c->dir, dir_length) == 0 && path[dir_length] == '/'
                   ? path + dir_length + 1
                   : NULL;
    return strncmp(path, c->dir, length) == 0 ? "" : NULL;
}

bool
host_changes_note(struct host_changes *c, const char *path)
{
    const char *change = relative(c, path);

    if (!change || (change[0] && !keys_is_asked(change)))
        return false;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->list[i], change) == 0)
            return true;
    if (change[0] == '\0' || c->n == HOST_CHANGES_MAX ||
        strlen(change) >= HOST_CHANGE_SIZE)
        c->is_all = true;
    else
        snprintf(c->list[c->n++], HOST_CHANGE_SIZE, "%s", change);
    return true;
}

bool
host_changes_next(struct host_changes *c, char ret_change[HOST_CHANGE_SIZE])
{
    if (c->is_all) { /* the others are part of that */
        c->is_all = false;
        c->n = 0;
        ret_change[0] = '\0';
        return true;
    }
    if (c->n == 0)
        return false;
    memcpy(ret_change, c->list[0], HOST_CHANGE_SIZE);
    c->n--;
    memmove(c->list[0], c->list[1], c->n * sizeof(c->list[0]));
    return true;
}
