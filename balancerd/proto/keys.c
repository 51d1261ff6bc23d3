/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts xenstore paths together. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/keys.h"

const char *
keys_domain(char path[KEYS_PATH_SIZE], uint32_t domid, const char *key)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_GUESTS "/%u/%s", domid, key);
    return path;
}

const char *
keys_status(char path[KEYS_PATH_SIZE], uint32_t domid, const char *key)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_DOMAINS "/%u/%s", domid, key);
    return path;
}

const char *
keys_status_dir(char path[KEYS_PATH_SIZE], uint32_t domid)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_DOMAINS "/%u", domid);
    return path;
}

const char *
keys_reservation(char path[KEYS_PATH_SIZE], const char *id)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_RESERVATIONS "/%s", id);
    return path;
}

const char *
keys_overhead(char path[KEYS_PATH_SIZE], const char *type)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_OVERHEADS "/%s", type);
    return path;
}

const char *
keys_recall(char path[KEYS_PATH_SIZE], uint64_t number)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_RECALLS "/%" PRIu64, number);
    return path;
}

const char *
keys_errand(char path[KEYS_PATH_SIZE], const char *name)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_ERRANDS "/%s", name);
    return path;
}

const char *
keys_errand_key(char path[KEYS_PATH_SIZE], const char *name, const char *key)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_ERRANDS "/%s/%s", name, key);
    return path;
}

const char *
keys_offer(char path[KEYS_PATH_SIZE], uint32_t domid, const char *dir,
           const char *volume)
{
    snprintf(path, KEYS_PATH_SIZE, KEYS_GUESTS "/%u/%s/%s", domid, dir, volume);
    return path;
}

const char *
keys_own_offer(char path[KEYS_PATH_SIZE], const char *dir, const char *volume)
{
    snprintf(path, KEYS_PATH_SIZE, "%s/%s", dir, volume);
    return path;
}

bool
keys_is_asked(const char *path)
{
    const char *slash = strchr(path, '/');

    return !slash || strcmp(slash + 1, KEY_ERRAND_DOMID) == 0;
}
