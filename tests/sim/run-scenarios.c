/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Plays scenario files: the real balancer on simulated hosts.  One line per
 * scenario, PASS or FAIL; a failed one is shown in full.
 */
#include <config.h>

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"
#include "util/cleanup.h"
#include "util/parse.h"

static const char usage[] =
    "usage: run-scenarios [--verbose] [--record=FILE[,BYTES]] FILE.scn...\n"
    "\n"
    "Plays each scenario. --verbose shows every tick of those that pass, "
    "too.\n"
    "--record has the decisions of the last one recorded: see balancerd "
    "--replay.\n";

/* "tests/sim/010-idle.scn" is called sim/010-idle. */
static void
print_verdict(const char *path, bool is_good)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    printf("%s sim/%.*s\n", is_good ? "PASS" : "FAIL", (int)strcspn(name, "."),
           name);
}

/* Plays one file into the record; the number of failures. */
static unsigned
play_file(const char *path, const struct play_how *how, FILE *record)
{
    char error[HOST_ERROR_SIZE];
    struct script script;
    uint64_t seed;
    unsigned failures;
    int r = script_read(&script, path, error);

    if (r < 0) {
        fprintf(record, "%s\n", error);
        return 1;
    }
    seed = script.scenario.seed;
    failures = play_script(&script, how, record).failures;
    fprintf(record, "seed %" PRIu64 "\n", seed);
    script_done(&script);
    return failures;
}

static bool
run_file(const char *path, const struct play_how *how, bool is_verbose)
{
    cleanup_free char *text = NULL;
    size_t size;
    FILE *record = open_memstream(&text, &size);
    unsigned failures;

    if (!record)
        return false;
    failures = play_file(path, how, record);
    if (fclose(record) == 0 && (failures > 0 || is_verbose))
        fputs(text, stdout);
    print_verdict(path, failures == 0);
    return failures == 0;
}

/* "FILE" or "FILE,BYTES". */
static void
take_record(struct play_how *how, char *text)
{
    char *size = strrchr(text, ',');

    how->decisions_size = UINT64_MAX;
    how->decisions = text;
    if (size && parse_u64(size + 1, 1, UINT64_MAX, &how->decisions_size) == 0)
        *size = '\0';
}

int
main(int argc, char **argv)
{
    static const struct option options[] = {
        { "verbose", no_argument, NULL, 'v' },
        { "record", required_argument, NULL, 'r' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    static const struct conf_policy policy = { .engine = "proportional" };
    struct play_how how = { .policy = &policy };
    bool is_verbose = false;
    bool is_good = true;
    int option;

    while ((option = getopt_long(argc, argv, "vh", options, NULL)) != -1) {
        if (option != 'v' && option != 'r') {
            fputs(usage, option == 'h' ? stdout : stderr);
            return option == 'h' ? EXIT_SUCCESS : 2;
        }
        if (option == 'r')
            take_record(&how, optarg);
        else
            is_verbose = true;
    }
    if (optind == argc) {
        fputs(usage, stderr);
        return 2;
    }
    for (int i = optind; i < argc; i++)
        is_good &= run_file(argv[i], &how, is_verbose);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
