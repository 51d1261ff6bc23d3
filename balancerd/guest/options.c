/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Few options: the agent should need none. */
#include <config.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "options.h"
#include "util/parse.h"

#define INTERVAL_MS 1000
/* More often would cost the guest more than it is worth; more rarely the host
 * would take the agent for dead. */
#define INTERVAL_MIN_MS 100
#define INTERVAL_MAX_MS 10000

static const char usage[] =
    "Usage: balancer-agent [OPTION]...\n"
    "Tells the Xen host how this guest fares with its memory.\n"
    "\n"
    "  -i, --interval TIME  look every TIME, 100ms to 10s (1s)\n"
    "  -1, --once           tell once and exit\n"
    "  -p, --print          print what would be told; write nothing\n"
    "  -h, --help           print this text and exit\n"
    "      --version        print the version and exit\n";

enum {
    OPTION_VERSION = 256,
};

static const struct option long_options[] = {
    { "interval", required_argument, NULL, 'i' },
    { "once", no_argument, NULL, '1' },
    { "print", no_argument, NULL, 'p' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, OPTION_VERSION },
    { NULL, 0, NULL, 0 },
};

static int
refuse(void)
{
    fputs("Try 'balancer-agent --help'.\n", stderr);
    return -EINVAL;
}

static int
take_interval(struct agent_options *o, const char *text)
{
    uint64_t ms;

    if (parse_duration_ms(text, &ms) < 0 || ms < INTERVAL_MIN_MS ||
        ms > INTERVAL_MAX_MS) {
        fprintf(stderr,
                "balancer-agent: --interval is a time from 100ms to 10s, not "
                "'%s'\n",
                text);
        return refuse();
    }
    o->interval_ms = ms;
    return 0;
}

static void
answer(struct agent_options *o, const char *text)
{
    fputs(text, stdout);
    o->is_answered = true;
}

static int
take_option(struct agent_options *o, int option)
{
    switch (option) {
    case 'i':
        return take_interval(o, optarg);
    case '1':
        o->is_once = true;
        return 0;
    case 'p':
        o->prints = true;
        return 0;
    case 'h':
        answer(o, usage);
        return 0;
    case OPTION_VERSION:
        answer(o, "balancer-agent (" PACKAGE_NAME ") " PACKAGE_VERSION "\n");
        return 0;
    default:
        return refuse();
    }
}

int
agent_options_parse(struct agent_options *ret, int argc, char *argv[])
{
    struct agent_options o = { .interval_ms = INTERVAL_MS };
    int option;

    while ((option = getopt_long(argc, argv, "i:1ph", long_options, NULL)) !=
           -1)
        if (take_option(&o, option) < 0)
            return -EINVAL;
    if (optind < argc) {
        fprintf(stderr, "%s: unexpected argument '%s'\n", argv[0],
                argv[optind]);
        return refuse();
    }
    *ret = o;
    return 0;
}
