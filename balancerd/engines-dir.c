/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engines on disk. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines-dir.h"
#include "engines-text.h"
#include "log.h"
#include "util/cleanup.h"
#include "util/file.h"

#define FILE_NAME "engines"
#define BAD_NAME  "engines.bad"

static struct engines_kept *
list_kept(const struct engines *t)
{
    struct engines_kept *kept = calloc(1, sizeof(*kept));

    for (size_t i = 1; kept && i < t->n; i++) {
        struct engine_kept *e = &kept->list[kept->n++];

        memcpy(e->name, t->list[i]->name, sizeof(e->name));
        e->spec = t->list[i]->spec;
    }
    return kept;
}

static int
save(const struct engines *t)
{
    cleanup_free struct engines_kept *kept = list_kept(t);
    cleanup_free char *text = kept ? engines_text_format(kept) : NULL;
    cleanup_close int dir_fd = file_open_dir(t->dir);

    if (!text)
        return -ENOMEM;
    if (dir_fd < 0)
        return dir_fd;
    return kept->n == 0 ? file_remove(dir_fd, FILE_NAME)
                        : file_replace(dir_fd, FILE_NAME, text);
}

int
engines_dir_save(const struct engines *t, char error[CONF_ERROR_SIZE])
{
    int r;

    if (!t->dir)
        return 0;
    if (t->is_foreign) {
        snprintf(error, CONF_ERROR_SIZE,
                 "%s/" FILE_NAME " was written by a newer balancerd; this one "
                 "leaves it alone",
                 t->dir);
        return -EPERM;
    }
    r = save(t);
    if (r == 0)
        return 0;
    log_warn(-r, "the engines cannot be kept in %s", t->dir);
    snprintf(error, CONF_ERROR_SIZE,
             "the engines cannot be kept in %s: %s; nothing has changed",
             t->dir, strerror(-r));
    return -EIO;
}

static void
refuse_file(struct engines *t, int dir_fd, int r, const char *why)
{
    if (r == -ENOTSUP) {
        t->is_foreign = true;
        log_warnx("%s/" FILE_NAME ": %s; it is left alone", t->dir, why);
        return;
    }
    log_warnx("%s/" FILE_NAME ": %s; it is set aside as " BAD_NAME
              ", and there are no engines but the default one",
              t->dir, why);
    if (renameat(dir_fd, FILE_NAME, dir_fd, BAD_NAME) < 0)
        log_warn(errno, "%s/" FILE_NAME " cannot be renamed", t->dir);
}

/* One that is missing today may be there tomorrow. */
static void
load_engine(struct engines *t, const struct engine_kept *kept)
{
    char why[CONF_ERROR_SIZE] = "";

    if (strcmp(kept->name, t->list[0]->name) == 0)
        return;
    if (engines_put(t, kept->name, &kept->spec, NULL, why) == 0)
        return;
    log_warnx("engine %s is set aside, and its domains have the default one: "
              "%s",
              kept->name, why);
    if (engines_hold(t, kept->name, &kept->spec, why) < 0)
        log_warnx("engine %s has no place", kept->name);
}

static int
read_kept(int dir_fd, struct engines_kept *ret, char error[CONF_ERROR_SIZE])
{
    cleanup_free char *text = malloc(ENGINES_TEXT_SIZE);
    size_t length = 0;
    int r = -ENOMEM;

    if (text)
        r = file_read(dir_fd, FILE_NAME, text, ENGINES_TEXT_SIZE, &length);
    if (r < 0) {
        snprintf(error, CONF_ERROR_SIZE, "%s", strerror(-r));
        return r;
    }
    return engines_text_parse(text, length, ret, error);
}

void
engines_dir_load(const char *dir, struct engines *t)
{
    cleanup_free struct engines_kept *kept = calloc(1, sizeof(*kept));
    cleanup_close int dir_fd = file_open_dir(dir);
    char why[CONF_ERROR_SIZE];
    int r;

    t->dir = dir;
    if (!kept || dir_fd < 0)
        return; /* that of the settings: it was told */
    r = read_kept(dir_fd, kept, why);
    if (r < 0 && r != -ENOENT)
        refuse_file(t, dir_fd, r, why);
    if (r < 0)
        return;
    /* Not before all are there is it written again. */
    t->dir = NULL;
    for (size_t i = 0; i < kept->n; i++)
        load_engine(t, &kept->list[i]);
    t->dir = dir;
}
