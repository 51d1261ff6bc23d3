/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a configuration file: what is taken prints, and what is printed
 * parses again to the same. */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

/* All keys, all options: 40 lines of less than 400 characters. */
#define PRINTED_SIZE (1 << 14)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
parse(struct conf *c, const void *bytes, size_t size)
{
    char error[CONF_ERROR_SIZE] = "";
    char *copy = malloc(size + 1);
    FILE *file;
    int r;

    if (!copy)
        abort();
    memcpy(copy, bytes, size);
    copy[size] = '\n'; /* there is no stream of nothing */
    file = fmemopen(copy, size + 1, "r");
    if (!file)
        abort();
    conf_default(c);
    r = conf_parse(c, file, "f", error);
    fclose(file);
    free(copy);
    if (r < 0 && strncmp(error, "f:", 2) != 0)
        abort(); /* an error without its place */
    return r;
}

static void
print(const struct conf *c, char text[PRINTED_SIZE])
{
    FILE *file = fmemopen(text, PRINTED_SIZE, "w");

    if (!file)
        abort();
    conf_print(c, file);
    if (ferror(file) || fclose(file) != 0)
        abort();
}

static int
is_same_limit(const struct default_limit *a, const struct default_limit *b)
{
    return a->kib == b->kib && a->pct == b->pct;
}

static int
is_same(const struct conf *a, const struct conf *b)
{
    return memcmp(&a->tuning, &b->tuning, sizeof(a->tuning)) == 0 &&
           a->dom0_dynamic_max_kib == b->dom0_dynamic_max_kib &&
           conf_policy_is_same(&a->policy, &b->policy) &&
           is_same_limit(&a->default_range.min, &b->default_range.min) &&
           is_same_limit(&a->default_range.max, &b->default_range.max) &&
           strcmp(a->settings, b->settings) == 0 &&
           strcmp(a->socket, b->socket) == 0 &&
           strcmp(a->group, b->group) == 0 && a->log_level == b->log_level;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char first[PRINTED_SIZE], second[PRINTED_SIZE];
    struct conf c, again;

    if (parse(&c, data, size) < 0)
        return 0;
    print(&c, first);
    if (parse(&again, first, strlen(first)) < 0)
        abort();
    print(&again, second);
    if (strcmp(first, second) != 0 || !is_same(&c, &again))
        abort();
    return 0;
}
