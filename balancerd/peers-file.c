/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peers on disk: a section each. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ini.h>

#include "log.h"
#include "peers-file.h"
#include "util/cleanup.h"
#include "util/file.h"
#include "util/text.h"

#define KEY_ADDRESS "address"
#define KEY_SECRET  "secret"
/* Of the file, for a peer: name, address and secret at their longest, and the
 * words around them. */
#define ENTRY_SIZE 320

struct peers_entry *
peers_list_find(struct peers_list *peers, const char *name)
{
    size_t i;

    for (i = 0; i < peers->n; i++)
        if (strcmp(peers->list[i].name, name) == 0)
            return &peers->list[i];
    return NULL;
}

struct reading {
    struct peers_list *peers;
    char *error; /* "", or why the file is refused */
};

static int __attribute__((format(printf, 2, 3)))
refuse(struct reading *reading, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (!reading->error[0])
        vsnprintf(reading->error, PEERS_FILE_ERROR_SIZE, format, args);
    va_end(args);
    return 0;
}

static struct peers_entry *
open_entry(struct reading *reading, const char *name)
{
    struct peers_entry *e = peers_list_find(reading->peers, name);

    if (e)
        return e;
    if (reading->peers->n == PEERS_FILE_MAX || !peer_name_is_valid(name))
        return NULL;
    e = &reading->peers->list[reading->peers->n++];
    *e = (struct peers_entry){ .name = "" };
    snprintf(e->name, sizeof(e->name), "%s", name);
    return e;
}

/* inih wants non-zero for success.  A secret is never repeated. */
static int
take_key(void *arg, const char *section, const char *key, const char *value)
{
    struct reading *reading = arg;
    struct peers_entry *e = open_entry(reading, section);
    char shown[PEER_NAME_SIZE];

    text_escape(shown, sizeof(shown), section);
    if (!e)
        return refuse(reading, "[%s]: no name of a peer, or one too many",
                      shown);
    if (strcmp(key, KEY_ADDRESS) == 0) {
        if (peer_address_parse(value, &e->address) == 0)
            return 1;
        return refuse(reading,
                      "[%s]: address is no IP address with a port or "
                      "without one",
                      shown);
    }
    if (strcmp(key, KEY_SECRET) == 0 && peer_secret_is_valid(value)) {
        snprintf(e->secret, sizeof(e->secret), "%s", value);
        return 1;
    }
    return refuse(reading,
                  "[%s]: there is only address, and secret of %d to "
                  "%d characters without blanks",
                  shown, PEER_SECRET_LEAST, PEER_SECRET_SIZE - 1);
}

static int
check_complete(struct reading *reading)
{
    size_t i;

    for (i = 0; i < reading->peers->n; i++) {
        const struct peers_entry *e = &reading->peers->list[i];

        if (!e->address.host[0] || !e->secret[0]) {
            refuse(reading, "[%s]: it has no %s", e->name,
                   e->secret[0] ? KEY_ADDRESS : KEY_SECRET);
            return -EINVAL;
        }
    }
    return 0;
}

int
peers_file_parse(FILE *file, const char *name, struct peers_list *ret,
                 char error[PEERS_FILE_ERROR_SIZE])
{
    cleanup_free struct peers_list *peers = calloc(1, sizeof(*peers));
    char why[PEERS_FILE_ERROR_SIZE] = "";
    struct reading reading = { peers, why };
    int line;

    if (!peers) {
        snprintf(error, PEERS_FILE_ERROR_SIZE, "%s", strerror(ENOMEM));
        return -ENOMEM;
    }
    line = ini_parse_file(file, take_key, &reading);
    if (line != 0)
        snprintf(error, PEERS_FILE_ERROR_SIZE, "%s:%d: %.400s", name, line,
                 why[0] ? why : "neither [NAME] nor key = value");
    else if (check_complete(&reading) < 0)
        snprintf(error, PEERS_FILE_ERROR_SIZE, "%s: %.400s", name, why);
    else
        *ret = *peers;
    explicit_bzero(peers, sizeof(*peers));
    return line != 0 || why[0] ? -EINVAL : 0;
}

int
peers_file_read(const char *dir, struct peers_list *ret,
                char error[PEERS_FILE_ERROR_SIZE])
{
    cleanup_free char *path = NULL;
    cleanup_fclose FILE *file = NULL;
    struct stat status;
    int r;

    if (asprintf(&path, "%s/" PEERS_FILE_NAME, dir) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    file = fopen(path, "re");
    if (!file && errno == ENOENT) {
        ret->n = 0;
        return 0;
    }
    if (!file) {
        r = -errno;
        snprintf(error, PEERS_FILE_ERROR_SIZE, "%s: %s", path, strerror(-r));
        return r;
    }
    if (fstat(fileno(file), &status) == 0 && (status.st_mode & 077))
        log_warnx("%s: others than its owner can read the secrets", path);
    return peers_file_parse(file, path, ret, error);
}

int
peers_file_write(const char *dir, const struct peers_list *peers)
{
    cleanup_close int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    size_t size = peers->n * ENTRY_SIZE + 1, i;
    cleanup_free char *text = calloc(1, size);
    char address[PEER_ADDRESS_SIZE];
    int r;

    if (dir_fd < 0)
        return -errno;
    if (!text)
        return -ENOMEM;
    for (i = 0; i < peers->n; i++) {
        peer_address_format(&peers->list[i].address, address);
        text_append(text, size,
                    "[%s]\n" KEY_ADDRESS " = %s\n" KEY_SECRET " = %s\n\n",
                    peers->list[i].name, address, peers->list[i].secret);
    }
    r = file_replace(dir_fd, PEERS_FILE_NAME, text);
    explicit_bzero(text, size);
    return r;
}
