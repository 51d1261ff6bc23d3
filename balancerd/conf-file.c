/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the configuration: lines for inih, errors with their place. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "conf.h"
#include "util/cleanup.h"

#define DEFAULT_PATH CONFDIR "/balancerd.conf"

/* One file on its way through inih. */
struct reading {
    struct conf *conf;
    FILE *file;
    int line;     /* the one that inih is looking at; the first is 1 */
    int bad_line; /* the first that was refused, or 0 */
    char *error;  /* why; CONF_ERROR_SIZE */
};

static void
refuse_line(struct reading *reading, const char *why)
{
    if (reading->bad_line > 0)
        return;
    reading->bad_line = reading->line;
    snprintf(reading->error, CONF_ERROR_SIZE, "%s", why);
}

/* fgets for inih, stricter: a long line is not two, NUL does not end one, and
 * an indented key is no continuation of the one above. */
static char *
read_line(char *text, int size, void *arg)
{
    struct reading *reading = arg;
    size_t length = 0;
    bool is_short = true;
    int c;

    reading->line++;
    while ((c = getc(reading->file)) != EOF && c != '\n') {
        if (c == '\0')
            refuse_line(reading, "a NUL byte");
        else if (length == 0 && (c == ' ' || c == '\t'))
            continue;
        else if (length + 2 < (size_t)size)
            text[length++] = (char)c;
        else
            is_short = false;
    }
    if (!is_short)
        refuse_line(reading, "the line is too long");
    if (c == EOF && length == 0)
        return NULL;
    text[length++] = '\n';
    text[length] = '\0';
    return text;
}

/* inih wants non-zero for success. */
static int
take_key(void *arg, const char *section, const char *key, const char *value)
{
    struct reading *reading = arg;
    char error[CONF_ERROR_SIZE];

    if (reading->bad_line == 0 &&
        conf_set(reading->conf, section, key, value, error) < 0)
        refuse_line(reading, error);
    return reading->bad_line == 0;
}

int
conf_parse(struct conf *c, FILE *file, const char *name,
           char error[CONF_ERROR_SIZE])
{
    char why[CONF_ERROR_SIZE] = "";
    struct reading reading = { .conf = c, .file = file, .error = why };
    int syntax_line;

    syntax_line = ini_parse_stream(read_line, &reading, take_key, &reading);
    if (syntax_line < 0)
        return -ENOMEM;
    if (ferror(file)) {
        snprintf(error, CONF_ERROR_SIZE, "%s: cannot be read", name);
        return -EIO;
    }
    if (reading.bad_line == 0 && syntax_line == 0)
        return 0;
    if (reading.bad_line == 0 ||
        (syntax_line > 0 && syntax_line < reading.bad_line))
        snprintf(error, CONF_ERROR_SIZE,
                 "%s:%d: neither [section] nor key = value", name, syntax_line);
    else
        snprintf(error, CONF_ERROR_SIZE, "%s:%d: %s", name, reading.bad_line,
                 why);
    return -EINVAL;
}

static int
read_file(struct conf *c, const char *path, char error[CONF_ERROR_SIZE])
{
    cleanup_fclose FILE *file = fopen(path, "re");
    int r = file ? 0 : -errno;

    if (file)
        return conf_parse(c, file, path, error);
    snprintf(error, CONF_ERROR_SIZE, "%s: %s", path, strerror(-r));
    return r;
}

static int
is_conf_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return entry->d_name[0] != '.' && dot && strcmp(dot, ".conf") == 0;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int
read_entry(struct conf *c, const char *directory, const char *name,
           char error[CONF_ERROR_SIZE])
{
    cleanup_free char *path = NULL;

    if (asprintf(&path, "%s/%s", directory, name) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    return read_file(c, path, error);
}

static int
read_directory(struct conf *c, const char *directory,
               char error[CONF_ERROR_SIZE])
{
    struct dirent **entries;
    int i, n, r = 0;

    n = scandir(directory, &entries, is_conf_file, compare_names);
    if (n < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (n < 0) {
        r = -errno;
        snprintf(error, CONF_ERROR_SIZE, "%s: %s", directory, strerror(-r));
        return r;
    }
    for (i = 0; i < n; i++) {
        if (r == 0)
            r = read_entry(c, directory, entries[i]->d_name, error);
        free(entries[i]);
    }
    free(entries);
    return r;
}

int
conf_read(struct conf *ret_c, const char *path, char error[CONF_ERROR_SIZE])
{
    const char *main_path = path ? path : DEFAULT_PATH;
    cleanup_free char *directory = NULL;
    struct conf wanted;
    int r;

    snprintf(error, CONF_ERROR_SIZE, "%s", strerror(ENOMEM));
    if (asprintf(&directory, "%s.d", main_path) < 0) {
        directory = NULL;
        return -ENOMEM;
    }
    conf_default(&wanted);
    r = read_file(&wanted, main_path, error);
    if (r < 0 && !(r == -ENOENT && !path))
        return r;
    wanted.file = r == 0 ? main_path : NULL;
    r = read_directory(&wanted, directory, error);
    if (r < 0)
        return r;
    r = conf_check(&wanted, error);
    if (r < 0)
        return r;
    *ret_c = wanted;
    return 0;
}
