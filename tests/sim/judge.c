/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judges policy engines: plays scenarios whose guests have work, and prints
 * what each engine let them suffer, one line of key=value a run.
 */
#include <config.h>

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "play.h"
#include "util/cleanup.h"
#include "util/units.h"

#define ENGINES_MAX_LISTED 32
#define KIB_PER_GIB_       ((double)KIB_PER_MIB * KIB_PER_MIB)
#define US_PER_S           1e6
#define LINE_SIZE          256

static const char usage[] =
    "usage: judge [--engine=NAME[,KEY=VALUE...]]... [--verbose] [--expect]\n"
    "             [--record=FILE] FILE.scn...\n"
    "\n"
    "Plays each scenario with each engine (proportional). --verbose prints\n"
    "what every guest went through, second by second, as tab separated\n"
    "values before the line of the run. --expect checks what the scenario\n"
    "expects, too. --record has the decisions of the last run recorded.\n"
    "Fails if a rule was broken.\n";

struct options {
    bool is_verbose;
    bool checks_expectations;
    const char *decisions; /* their recording; NULL */
    size_t n_engines;
    struct conf_policy engines[ENGINES_MAX_LISTED];
    const char *names[ENGINES_MAX_LISTED];
};

/* "name,key=value,...", taken apart. */
static int
parse_engine(struct conf_policy *ret, const char *text,
             char error[CONF_ERROR_SIZE])
{
    cleanup_free char *copy = strdup(text);
    char *rest = copy;
    char *word = copy ? strsep(&rest, ",") : NULL;
    int r = word ? conf_policy_init(ret, word, error) : -ENOMEM;

    while (r == 0 && (word = strsep(&rest, ","))) {
        char *value = strchr(word, '=');

        if (!value) {
            snprintf(error, CONF_ERROR_SIZE, "%s: no value", word);
            return -EINVAL;
        }
        *value++ = '\0';
        r = conf_policy_set(ret, word, value, error);
    }
    return r;
}

/* What the comments at the head of the file allow it to be used for; NULL: they
 * do not say, and then it is good for nothing. */
static const char *
find_use(const char *path)
{
    static const char *const uses[] = { "tune", "held-out" };
    cleanup_fclose FILE *file = fopen(path, "re");
    char line[LINE_SIZE];

    while (file && fgets(line, sizeof(line), file) && line[0] == '#') {
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
            if (strncmp(line, "# use: ", 7) == 0 &&
                strcmp(line + 7, uses[i]) == 0)
                return uses[i];
    }
    return NULL;
}

static void
print_line(const char *path, const char *use, const char *engine,
           const struct play_result *r)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const struct sim_toll *sum = &r->bill.sum;

    printf("scenario=%.*s use=%s engine=%s work_s=%.1f stall_s=%.1f "
           "worst_s=%.1f below_s=%.1f in_gib=%.3f out_gib=%.3f "
           "balloon_gib=%.3f jain=%.4f reserve_s=%.1f refused=%" PRIu64
           " kills=%" PRIu64 " ticks=%" PRIu64 " broken=%u\n",
           (int)strcspn(name, "."), name, use, engine,
           (double)sum->work_ms / MS_PER_S, (double)sum->lost_us / US_PER_S,
           (double)r->bill.worst_us / US_PER_S,
           (double)sum->below_ms / MS_PER_S,
           (double)sum->swap_in_kib / KIB_PER_GIB_,
           (double)sum->swap_out_kib / KIB_PER_GIB_,
           (double)sum->balloon_kib / KIB_PER_GIB_,
           (double)r->bill.jain_permyriad / PERMYRIAD,
           (double)r->waited_ms / MS_PER_S, r->refused, sum->kills, r->ticks,
           r->failures);
}

/* One run; whether no rule was broken. */
static bool
judge(const struct options *o, size_t engine, const char *path)
{
    cleanup_free char *text = NULL;
    char error[HOST_ERROR_SIZE];
    size_t size;
    struct script script;
    struct play_result result;
    FILE *record;
    const char *use = find_use(path);
    const struct play_how how = {
        .policy = &o->engines[engine],
        .is_quiet = true,
        .ignores_expectations = !o->checks_expectations,
        .series = o->is_verbose ? stdout : NULL,
        .decisions = o->decisions,
        .decisions_size = UINT64_MAX,
        .watch = oracle_watch,
    };

    if (!use) {
        fprintf(stderr,
                "judge: %s: no \"# use: tune\" or \"# use: held-out\"\n", path);
        return false;
    }
    if (script_read(&script, path, error) < 0) {
        fprintf(stderr, "judge: %s\n", error);
        return false;
    }
    record = open_memstream(&text, &size);
    if (!record)
        return false;
    result = play_script(&script, &how, record);
    script_done(&script);
    if (fclose(record) == 0 && result.failures > 0)
        fputs(text, stderr);
    if (result.has_begun)
        print_line(path, use, o->names[engine], &result);
    fflush(stdout);
    return result.failures == 0;
}

static int
take_engine(struct options *o, const char *text)
{
    char error[CONF_ERROR_SIZE] = "no memory";

    if (o->n_engines == ENGINES_MAX_LISTED ||
        parse_engine(&o->engines[o->n_engines], text, error) < 0) {
        fprintf(stderr, "judge: %s\n", error);
        return -EINVAL;
    }
    o->names[o->n_engines++] = text;
    return 0;
}

static int
parse_options(struct options *o, int argc, char **argv)
{
    static const struct option options[] = {
        { "engine", required_argument, NULL, 'e' },
        { "verbose", no_argument, NULL, 'v' },
        { "expect", no_argument, NULL, 'x' },
        { "record", required_argument, NULL, 'r' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "e:vxr:h", options, NULL)) != -1) {
        if (option == 'v')
            o->is_verbose = true;
        else if (option == 'x')
            o->checks_expectations = true;
        else if (option == 'r')
            o->decisions = optarg;
        else if (option != 'e' || take_engine(o, optarg) < 0)
            return option == 'h' ? 1 : -EINVAL;
    }
    if (optind == argc)
        return -EINVAL;
    return o->n_engines > 0 ? 0 : take_engine(o, "proportional");
}

int
main(int argc, char **argv)
{
    static struct options o;
    bool is_good = true;
    int r = parse_options(&o, argc, argv);

    if (r != 0) {
        fputs(usage, r > 0 ? stdout : stderr);
        return r > 0 ? EXIT_SUCCESS : 2;
    }
    for (int i = optind; i < argc; i++)
        for (size_t engine = 0; engine < o.n_engines; engine++)
            is_good &= judge(&o, engine, argv[i]);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
