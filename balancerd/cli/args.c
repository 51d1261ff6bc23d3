/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xe's grammar, checked against the synopsis before anyone is asked. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "args.h"
#include "proto/request.h"
#include "util/text.h"

#define DEFAULT_SOCKET RUNDIR "/control.sock"
#define SOCKET_OPTION  "--socket="
/* What of a wrong word is repeated. */
#define SHOWN_SIZE 80

static int
syntax_error(char error[ARGS_ERROR_SIZE], const char *word, const char *what)
{
    char shown[SHOWN_SIZE];

    text_escape(shown, sizeof(shown), word);
    snprintf(error, ARGS_ERROR_SIZE, "Syntax error: '%s' %s", shown, what);
    return -EINVAL;
}

static int
add_param(struct args *args, const char *key, const char *value,
          char error[ARGS_ERROR_SIZE])
{
    if (!synopsis_key(args->verb, key)) {
        synopsis_refuse_key(args->verb, key, error);
        return -EINVAL;
    }
    if (json_object_object_get_ex(args->params, key, NULL))
        return syntax_error(error, key, "is there twice");
    json_set(args->params, key, json_object_new_string(value));
    return 0;
}

static int
take_pair(struct args *args, const char *word, char error[ARGS_ERROR_SIZE])
{
    const char *equals = strchr(word, '=');
    char key[REQUEST_WORD_SIZE];

    if (!equals || equals == word)
        return syntax_error(error, word, "is not KEY=VALUE");
    if ((size_t)(equals - word) >= sizeof(key))
        return syntax_error(error, word, "is too long for a key");
    snprintf(key, sizeof(key), "%.*s", (int)(equals - word), word);
    return add_param(args, key, equals + 1, error);
}

static int
take_verb(struct args *args, const char *word, char error[ARGS_ERROR_SIZE])
{
    const struct synopsis *verb;

    if (strcmp(word, "help") == 0 && !args->wants_help) {
        args->wants_help = true;
        return 0;
    }
    verb = synopsis_find(word);
    if (!verb) {
        synopsis_refuse_verb(word, error);
        return -EINVAL;
    }
    if (args->wants_help)
        args->help_on = verb;
    else
        args->verb = verb;
    return 0;
}

/* --multiple is xe's way to write multiple=true. */
static int
take_flag(struct args *args, const char *word, char error[ARGS_ERROR_SIZE])
{
    const struct synopsis_key *key =
        args->verb ? synopsis_key(args->verb, word + 2) : NULL;

    if (!key || key->value[0])
        return syntax_error(error, word, "is not an option");
    return add_param(args, key->name, "true", error);
}

static int
set_output(struct args *args, enum args_output output, const char *word,
           char error[ARGS_ERROR_SIZE])
{
    if (args->output != ARGS_TEXT && args->output != output)
        return syntax_error(error, word, "excludes the other output format");
    args->output = output;
    return 0;
}

static int
take_option(struct args *args, const char *word, char error[ARGS_ERROR_SIZE])
{
    if (strcmp(word, "--minimal") == 0)
        return set_output(args, ARGS_MINIMAL, word, error);
    if (strcmp(word, "--json") == 0)
        return set_output(args, ARGS_JSON, word, error);
    if (strncmp(word, SOCKET_OPTION, strlen(SOCKET_OPTION)) == 0)
        args->socket = word + strlen(SOCKET_OPTION);
    else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        args->wants_help = true;
    else if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        args->wants_version = true;
    else
        return take_flag(args, word, error);
    return 0;
}

static int
take_word(struct args *args, const char *word, char error[ARGS_ERROR_SIZE])
{
    if (word[0] == '-')
        return take_option(args, word, error);
    if (args->verb)
        return take_pair(args, word, error);
    if (args->help_on)
        return syntax_error(error, word, "is one word too many");
    return take_verb(args, word, error);
}

static bool
has_param(const void *arg, const char *name)
{
    const struct args *args = arg;

    return json_object_object_get_ex(args->params, name, NULL);
}

int
args_parse(struct args *ret, int argc, char **argv, char error[ARGS_ERROR_SIZE])
{
    int i;
    int r;

    *ret = (struct args){ .socket = DEFAULT_SOCKET };
    ret->params = json_object_new_object();
    for (i = 1; i < argc; i++) {
        r = take_word(ret, argv[i], error);
        if (r < 0)
            return r;
    }
    /* "VERB --help" is a question about the verb. */
    if (ret->wants_help && ret->verb)
        ret->help_on = ret->verb;
    if (ret->wants_help || ret->wants_version)
        return 0;
    if (!ret->verb) {
        snprintf(error, ARGS_ERROR_SIZE, "Syntax error: no command");
        return -EINVAL;
    }
    return synopsis_is_complete(ret->verb, has_param, ret, error) ? 0 : -EINVAL;
}

void
args_done(struct args *args)
{
    json_object_put(args->params);
    args->params = NULL;
}
