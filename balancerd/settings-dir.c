/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings on disk. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "settings-dir.h"
#include "settings-text.h"
#include "util/cleanup.h"
#include "util/parse.h"

/* uuid, and what distinguishes a file that is no settings file (any more). */
#define NAME_SIZE  (HOST_UUID_SIZE + 4)
#define NEW_SUFFIX ".new"
#define BAD_SUFFIX ".bad"

static int
open_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 ? -errno : fd;
}

static int
write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        text += n;
        left -= (size_t)n;
    }
    return fsync(fd) < 0 ? -errno : 0;
}

static int
write_file(int dir_fd, const char *name, const char *text)
{
    cleanup_close int fd =
        openat(dir_fd, name,
               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

    return fd < 0 ? -errno : write_all(fd, text);
}

int
settings_dir_save(const char *dir, const struct settings *s)
{
    char text[SETTINGS_TEXT_SIZE], new_name[NAME_SIZE];
    cleanup_close int dir_fd = open_dir(dir);
    int r;

    if (dir_fd < 0)
        return dir_fd;
    settings_format(s, text);
    snprintf(new_name, sizeof(new_name), "%s" NEW_SUFFIX, s->uuid);
    r = write_file(dir_fd, new_name, text);
    if (r == 0 && renameat(dir_fd, new_name, dir_fd, s->uuid) < 0)
        r = -errno;
    if (r == 0 && fsync(dir_fd) < 0)
        r = -errno;
    if (r < 0)
        unlinkat(dir_fd, new_name, 0);
    return r;
}

int
settings_dir_remove(const char *dir, const char *uuid)
{
    cleanup_close int dir_fd = open_dir(dir);

    if (dir_fd < 0)
        return dir_fd;
    if (unlinkat(dir_fd, uuid, 0) < 0 && errno != ENOENT)
        return -errno;
    return fsync(dir_fd) < 0 ? -errno : 0;
}

/* The bytes of a file, more of them than settings can have if it is longer. */
static int
read_file(int dir_fd, const char *name, char text[SETTINGS_TEXT_SIZE],
          size_t *ret_length)
{
    cleanup_close int fd =
        openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    size_t used = 0;

    if (fd < 0)
        return -errno;
    while (used < SETTINGS_TEXT_SIZE) {
        ssize_t n = read(fd, text + used, SETTINGS_TEXT_SIZE - used);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        used += (size_t)n;
    }
    *ret_length = used;
    return 0;
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
    int r = read_file(dir_fd, uuid, text, &length);

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
           strcmp(name + HOST_UUID_SIZE - 1, NEW_SUFFIX) == 0;
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
