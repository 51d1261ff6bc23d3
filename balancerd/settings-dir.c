/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings on disk. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "settings-dir.h"
#include "settings-text.h"
#include "util/cleanup.h"
#include "util/file.h"
#include "util/parse.h"

/* uuid, and what distinguishes a file that is no settings file (any more). */
#define NAME_SIZE  (HOST_UUID_SIZE + 4)
#define BAD_SUFFIX ".bad"

int
settings_dir_save(const char *dir, const struct settings *s)
{
    cleanup_close int dir_fd = file_open_dir(dir);
    char text[SETTINGS_TEXT_SIZE];

    if (dir_fd < 0)
        return dir_fd;
    settings_format(s, text);
    return file_replace(dir_fd, s->uuid, text);
}

int
settings_dir_remove(const char *dir, const char *uuid)
{
    cleanup_close int dir_fd = file_open_dir(dir);

    return dir_fd < 0 ? dir_fd : file_remove(dir_fd, uuid);
}

static void
set_aside(const char *dir, int dir_fd, const char *uuid, const char *why)
{
    char bad_name[NAME_SIZE];

    snprintf(bad_name, sizeof(bad_name), "%s" BAD_SUFFIX, uuid);
    log_warnx("%s/%s: %s; it is set aside as %s, and its domain has no "
              "settings",
              dir, uuid, why, bad_name);
    if (renameat(dir_fd, uuid, dir_fd, bad_name) < 0)
        log_warn(errno, "%s/%s cannot be renamed", dir, uuid);
}

static int
load_file(const char *dir, int dir_fd, const char *uuid,
          struct settings_table *t)
{
    char text[SETTINGS_TEXT_SIZE], error[SETTINGS_ERROR_SIZE];
    struct settings s;
    size_t length = 0;
    int r = file_read(dir_fd, uuid, text, sizeof(text), &length);

    if (r < 0) {
        log_warn(-r, "%s/%s cannot be read; its domain has no settings", dir,
                 uuid);
        return 0;
    }
    r = settings_parse(text, length, &s, error);
    if (r == -ENOTSUP) {
        log_warnx("%s/%s: %s; it is left alone", dir, uuid, error);
        settings_init(&s, uuid);
        s.is_foreign = true;
    } else if (r < 0 || strcmp(s.uuid, uuid) != 0) {
        set_aside(dir, dir_fd, uuid,
                  r < 0 ? error : "the uuid in it is another one");
        return 0;
    }
    return settings_put(t, &s);
}

static bool
is_new_file(const char *name)
{
    return strlen(name) == NAME_SIZE - 1 &&
           strcmp(name + HOST_UUID_SIZE - 1, FILE_NEW_SUFFIX) == 0;
}

/* What a daemon that was killed while it wrote left behind goes. */
static int
take_entry(const char *dir, int dir_fd, const char *name,
           struct settings_table *t)
{
    char uuid[PARSE_UUID_SIZE];

    if (parse_uuid(name, uuid) == 0 && strcmp(uuid, name) == 0)
        return load_file(dir, dir_fd, name, t);
    if (is_new_file(name) && unlinkat(dir_fd, name, 0) < 0)
        log_warn(errno, "%s/%s cannot be removed", dir, name);
    return 0;
}

int
settings_dir_load(const char *dir, struct settings_table *ret)
{
    const struct dirent *entry;
    DIR *stream;
    int r = 0;

    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return -errno;
    stream = opendir(dir);
    if (!stream)
        return -errno;
    while (r == 0 && (entry = readdir(stream)))
        r = take_entry(dir, dirfd(stream), entry->d_name, ret);
    closedir(stream);
    return r;
}
