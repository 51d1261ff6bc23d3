/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at owners and permissions from a plugin up to the root. */
#include <config.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy-file.h"

static bool
is_trusted_owner(const struct stat *st)
{
    return st->st_uid == 0 || st->st_uid == geteuid();
}

/* In a directory as /tmp, others may make files, and not touch ours. */
static bool
others_may_write(const struct stat *st)
{
    bool is_trusted_group = st->st_gid == 0 || st->st_gid == getegid();

    if (S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX))
        return false;
    return (st->st_mode & S_IWOTH) ||
           ((st->st_mode & S_IWGRP) && !is_trusted_group);
}

static int
check_one(const char *path, char error[POLICY_ERROR_SIZE])
{
    struct stat st;

    if (stat(path, &st) < 0) {
        int r = -errno;

        snprintf(error, POLICY_ERROR_SIZE, "%s: %s", path, strerror(-r));
        return r;
    }
    if (!is_trusted_owner(&st))
        snprintf(error, POLICY_ERROR_SIZE,
                 "%s belongs to user %u, not to root: it is not loaded", path,
                 (unsigned)st.st_uid);
    else if (others_may_write(&st))
        snprintf(error, POLICY_ERROR_SIZE,
                 "%s can be changed by others than root: it is not loaded",
                 path);
    else
        return 0;
    return -EPERM;
}

int
policy_file_check(const char *path, char ret_path[PATH_MAX],
                  char error[POLICY_ERROR_SIZE])
{
    char above[PATH_MAX];
    char *slash;
    int r;

    if (!realpath(path, ret_path)) {
        r = -errno;
        snprintf(error, POLICY_ERROR_SIZE, "%s: %s", path, strerror(-r));
        return r;
    }
    snprintf(above, sizeof(above), "%s", ret_path);
    r = check_one(above, error);
    while (r == 0 && (slash = strrchr(above, '/')) && slash != above) {
        *slash = '\0';
        r = check_one(above, error);
    }
    return r == 0 ? check_one("/", error) : r;
}
