/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Command line of the daemon; what it overrides in the configuration. */
#include <config.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "options.h"

static const char usage[] =
    "Usage: balancerd [OPTION]...\n"
    "Moves memory between the guests of a Xen host.\n"
    "\n"
    "  -f, --config FILE      read FILE and FILE.d/*.conf\n"
    "                         instead of " CONFDIR "/balancerd.conf\n"
    "  -n                     check the configuration and exit\n"
    "  -v                     with -n print the configuration, else log more\n"
    "      --host HOST        xen, or sim:FILE for a simulated host\n"
    "      --socket PATH      listen on PATH\n"
    "      --log-level LEVEL  error, warn, info or debug\n"
    "      --replay FILE      decide a recording anew and compare, then exit\n"
    "      --set NAME=VALUE   with --replay: another constant, or engine\n"
    "  -h, --help             print this text and exit\n"
    "      --version          print the version and exit\n";

enum {
    OPTION_HOST = 256,
    OPTION_SOCKET,
    OPTION_LOG_LEVEL,
    OPTION_REPLAY,
    OPTION_SET,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    { "config", required_argument, NULL, 'f' },
    { "host", required_argument, NULL, OPTION_HOST },
    { "socket", required_argument, NULL, OPTION_SOCKET },
    { "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
    { "replay", required_argument, NULL, OPTION_REPLAY },
    { "set", required_argument, NULL, OPTION_SET },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, OPTION_VERSION },
    { NULL, 0, NULL, 0 },
};

/* getopt has already said what is wrong with it. */
static int
refuse(void)
{
    fputs("Try 'balancerd --help'.\n", stderr);
    return -EINVAL;
}

static void
answer(struct options *o, const char *text)
{
    fputs(text, stdout);
    o->is_answered = true;
}

static int
add_set(struct options *o, const char *text)
{
    if (o->replay_how.n_sets == REPLAY_SETS_MAX) {
        fprintf(stderr, "balancerd: more than %d times --set\n",
                REPLAY_SETS_MAX);
        return refuse();
    }
    o->replay_how.sets[o->replay_how.n_sets++] = text;
    return 0;
}

static int
take_option(struct options *o, int option)
{
    switch (option) {
    case 'f':
        o->conf_path = optarg;
        return 0;
    case 'n':
        o->checks_only = true;
        return 0;
    case 'v':
        o->is_verbose = true;
        return 0;
    case OPTION_HOST:
        o->host = optarg;
        return 0;
    case OPTION_SOCKET:
        o->socket = optarg;
        return 0;
    case OPTION_LOG_LEVEL:
        o->log_level = optarg;
        return 0;
    case OPTION_REPLAY:
        o->replay = optarg;
        return 0;
    case OPTION_SET:
        return add_set(o, optarg);
    case 'h':
        answer(o, usage);
        return 0;
    case OPTION_VERSION:
        answer(o, "balancerd (" PACKAGE_NAME ") " PACKAGE_VERSION "\n");
        return 0;
    default:
        return refuse();
    }
}

int
options_parse(struct options *ret, int argc, char *argv[])
{
    struct options o = { .host = "xen" };
    int option;

    while ((option = getopt_long(argc, argv, "f:nvh", long_options, NULL)) !=
           -1)
        if (take_option(&o, option) < 0)
            return -EINVAL;
    if (optind < argc) {
        fprintf(stderr, "%s: unexpected argument '%s'\n", argv[0],
                argv[optind]);
        return refuse();
    }
    if (o.replay_how.n_sets > 0 && !o.replay) {
        fprintf(stderr, "%s: --set is for --replay\n", argv[0]);
        return refuse();
    }
    o.replay_how.is_verbose = o.is_verbose;
    *ret = o;
    return 0;
}

static int
override(struct conf *c, const char *section, const char *key,
         const char *value, char error[CONF_ERROR_SIZE])
{
    return value ? conf_set(c, section, key, value, error) : 0;
}

int
options_read_conf(const struct options *o, struct conf *ret_c,
                  char error[CONF_ERROR_SIZE])
{
    struct conf wanted;
    int r;

    r = conf_read(&wanted, o->conf_path, error);
    if (r < 0)
        return r;
    r = override(&wanted, "control", "socket", o->socket, error);
    if (r < 0)
        return r;
    if (o->is_verbose && !o->checks_only)
        wanted.log_level = LOG_LEVEL_DEBUG;
    r = override(&wanted, "log", "level", o->log_level, error);
    if (r < 0)
        return r;
    *ret_c = wanted;
    return 0;
}
