/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains that appear and vanish with files. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "sim-domain.h"
#include "sim-spool.h"
#include "util/cleanup.h"
#include "util/units.h"

#define SUFFIX    ".dom"
#define HAPPENING ".event"

struct sim_spool_entry {
    char name[HOST_NAME_SIZE];
    uint32_t domid;
    bool is_created; /* false: it failed */
    bool is_seen;
};

/* DIR/NAME.SUFFIX, for the caller to free; NULL: no memory. */
static char *
path_of(const char *dir, const char *name, const char *suffix)
{
    char *path;

    return asprintf(&path, "%s/%s%s", dir, name, suffix) < 0 ? NULL : path;
}

/* Whole at once: who waits for the file must not read half of it. */
static void
answer(const char *dir, const char *name, const char *suffix, const char *text)
{
    cleanup_free char *path = path_of(dir, name, suffix);
    cleanup_free char *partial = path_of(dir, name, ".partial");
    FILE *file = partial ? fopen(partial, "we") : NULL;

    if (!path || !file || fprintf(file, "%s\n", text) < 0 ||
        fclose(file) != 0 || rename(partial, path) < 0)
        log_warn(errno, "simulated host: cannot answer for %s", name);
}

static struct sim_spool_entry *
entry_of(const struct sim_spool *spool, const char *name)
{
    for (size_t i = 0; i < spool->n; i++)
        if (strcmp(spool->entries[i].name, name) == 0)
            return &spool->entries[i];
    return NULL;
}

static struct sim_spool_entry *
add_entry(struct sim_spool *spool, const char *name)
{
    struct sim_spool_entry *grown =
        realloc(spool->entries, (spool->n + 1) * sizeof(*grown));

    if (!grown)
        return NULL;
    spool->entries = grown;
    grown += spool->n++;
    *grown = (struct sim_spool_entry){ .is_seen = true };
    snprintf(grown->name, sizeof(grown->name), "%s", name);
    return grown;
}

static uint32_t
next_domid(struct sim_spool *spool, const struct sim_world *w)
{
    if (w->n > 0 && spool->next_domid <= w->guests[w->n - 1].facts.domid)
        spool->next_domid = w->guests[w->n - 1].facts.domid + 1;
    return spool->next_domid++;
}

/* The domain of a file; 0, or -errno and a sentence. */
static int
create(struct sim_spool *spool, struct sim_world *w,
       struct sim_spool_entry *entry, char error[HOST_ERROR_SIZE])
{
    cleanup_free char *path = path_of(w->scenario.spool, entry->name, SUFFIX);
    struct sim_guest g;
    int r;

    if (!path) {
        snprintf(error, HOST_ERROR_SIZE, "no memory");
        return -ENOMEM;
    }
    sim_guest_init(&g, next_domid(spool, w));
    snprintf(g.facts.name, sizeof(g.facts.name), "%s", entry->name);
    r = sim_domain_read(&g, path, error);
    if (r < 0)
        return r;
    sim_guest_complete(&g, w->scenario.seed);
    entry->domid = g.facts.domid;
    r = sim_world_add(w, &g);
    if (r < 0)
        snprintf(error, HOST_ERROR_SIZE,
                 "needs %" PRIu64 " KiB, the host has %" PRId64 " KiB",
                 sat_add(g.built_kib, sim_guest_overhead_kib(&g)), w->free_kib);
    return r;
}

static void
take_in(struct sim_spool *spool, struct sim_world *w, const char *name)
{
    struct sim_spool_entry *entry = add_entry(spool, name);
    char text[HOST_ERROR_SIZE];

    if (!entry)
        return; /* there will be another look */
    entry->is_created = create(spool, w, entry, text) == 0;
    if (entry->is_created)
        snprintf(text, sizeof(text), "%" PRIu32, entry->domid);
    else
        log_warnx("simulated host: cannot create %s: %s", name, text);
    answer(w->scenario.spool, name, entry->is_created ? ".domid" : ".failed",
           text);
}

static bool
ends_in(const char *file, const char *suffix)
{
    size_t length = strlen(file);

    return length > strlen(suffix) &&
           strcmp(file + length - strlen(suffix), suffix) == 0;
}

/* What the file says happens now, and the file goes. */
static void
happen(struct sim_world *w, const char *file)
{
    cleanup_free char *path = path_of(w->scenario.spool, file, "");
    cleanup_fclose FILE *stream = path ? fopen(path, "re") : NULL;
    char line[SIM_KEY_SIZE + SIM_VALUE_SIZE] = "";
    struct sim_event e;

    if (!stream)
        return;
    if (!fgets(line, sizeof(line), stream))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    if (sim_event_parse(&e, "0s", line) < 0 || sim_world_do(w, &e) < 0)
        log_warnx("simulated host: '%s' did not happen", line);
    unlink(path);
}

static void
look_at(struct sim_spool *spool, struct sim_world *w, const char *file)
{
    size_t length = strlen(file);
    char name[HOST_NAME_SIZE];
    struct sim_spool_entry *entry;

    if (ends_in(file, HAPPENING))
        happen(w, file);
    if (!ends_in(file, SUFFIX) || length - strlen(SUFFIX) >= sizeof(name))
        return;
    snprintf(name, sizeof(name), "%.*s", (int)(length - strlen(SUFFIX)), file);
    entry = entry_of(spool, name);
    if (entry)
        entry->is_seen = true;
    else
        take_in(spool, w, name);
}

static void
forget(struct sim_world *w, const struct sim_spool_entry *entry)
{
    const char *suffix = entry->is_created ? ".domid" : ".failed";
    cleanup_free char *path = path_of(w->scenario.spool, entry->name, suffix);

    if (entry->is_created)
        sim_world_destroy(w, entry->domid);
    if (path)
        unlink(path);
}

/* Files that are gone: so are their domains, and the answers. */
static void
sweep(struct sim_spool *spool, struct sim_world *w)
{
    size_t kept = 0;

    for (size_t i = 0; i < spool->n; i++) {
        if (spool->entries[i].is_seen)
            spool->entries[kept++] = spool->entries[i];
        else
            forget(w, &spool->entries[i]);
    }
    spool->n = kept;
}

void
sim_spool_scan(struct sim_spool *spool, struct sim_world *w)
{
    DIR *dir = opendir(w->scenario.spool);
    const struct dirent *file;

    if (!dir)
        return; /* no directory: no such domains */
    for (size_t i = 0; i < spool->n; i++)
        spool->entries[i].is_seen = false;
    while ((file = readdir(dir)))
        look_at(spool, w, file->d_name);
    closedir(dir);
    sweep(spool, w);
}

void
sim_spool_done(struct sim_spool *spool)
{
    free(spool->entries);
    *spool = (struct sim_spool){ 0 };
}
