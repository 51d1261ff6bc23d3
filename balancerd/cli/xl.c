/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs xl and xl-need. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "child.h"
#include "proto/fields.h"
#include "proto/request-json.h"
#include "util/parse.h"
#include "xl.h"

#define XL_NEED     PKGLIBEXECDIR "/xl-need"
#define XL_NEED_ENV "BALANCERCTL_XL_NEED"
/* Removing a domain takes as long as scrubbing its memory. */
#define DESTROY_TIMEOUT_MS 60000

static int
complain(const char *config, const char *what)
{
    fprintf(stderr, "%s: %s\n", config, what);
    return -EINVAL;
}

static int
read_amounts(struct json_object *line, const char *config,
             struct xl_domain *ret)
{
    const char *type = json_get_text(line, FIELD_TYPE);

    ret->vcpus = json_get_number(line, FIELD_XL_VCPUS);
    ret->memory_kib = json_get_number(line, FIELD_XL_MEMORY);
    ret->maxmem_kib = json_get_number(line, FIELD_XL_MAXMEM);
    ret->xl_overhead_kib = json_get_number(line, FIELD_XL_OVERHEAD);
    if (!type || strlen(type) >= sizeof(ret->type) ||
        ret->vcpus == UINT64_MAX || ret->xl_overhead_kib == UINT64_MAX ||
        ret->memory_kib == UINT64_MAX || ret->maxmem_kib == UINT64_MAX)
        return complain(config, "xl-need did not say what it needs");
    snprintf(ret->type, sizeof(ret->type), "%s", type);
    return 0;
}

static int
read_need(struct json_object *line, const char *config, struct xl_domain *ret)
{
    const char *name = json_get_text(line, FIELD_XL_NAME);
    const char *uuid = json_get_text(line, FIELD_UUID);

    if (!name || strlen(name) >= sizeof(ret->name))
        return complain(config, "it gives the domain no name");
    snprintf(ret->name, sizeof(ret->name), "%s", name);
    if (uuid && parse_uuid(uuid, ret->uuid) < 0)
        return complain(config, "its uuid is none");
    if (!uuid && uuid_make(ret->uuid) < 0)
        return complain(config, "no random number for its uuid");
    return read_amounts(line, config, ret);
}

int
xl_need(const char *config, struct xl_domain *ret)
{
    const char *program = getenv(XL_NEED_ENV);
    const char *argv[] = { program ? program : XL_NEED, config, NULL };
    cleanup_json struct json_object *line = NULL;
    char text[CHILD_TEXT_SIZE];
    int status = 0;
    int r = child_capture(argv, text, &status);

    if (r < 0) {
        fprintf(stderr, "Cannot run %s: %s\n", argv[0], strerror(-r));
        return r;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return -EINVAL; /* it has said why */
    line = json_parse(text, strlen(text));
    return read_need(line, config, ret);
}

int
xl_create(const char *config, const char *uuid, pid_t *ret_pid)
{
    char assignment[UUID_SIZE + sizeof("uuid=\"\"")];
    const char *argv[] = { "xl", "create", config, assignment, NULL };
    int r;

    snprintf(assignment, sizeof(assignment), "uuid=\"%s\"", uuid);
    r = child_start(argv, STDERR_FILENO, ret_pid);
    if (r < 0)
        fprintf(stderr, "Cannot run xl: %s\n", strerror(-r));
    return r;
}

int
xl_destroy(uint64_t domid)
{
    char text[24];
    const char *argv[] = { "xl", "destroy", text, NULL };
    int status = 0;
    pid_t pid;
    int r;

    snprintf(text, sizeof(text), "%" PRIu64, domid);
    r = child_start(argv, STDERR_FILENO, &pid);
    if (r == 0)
        r = child_wait(pid, DESTROY_TIMEOUT_MS, &status);
    return r < 0 || status == 0 ? r : -EIO;
}
