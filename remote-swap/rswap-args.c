/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each key is a bit; a command says which it takes and which it needs. */
#include <config.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rswap-args.h"
#include "util/text.h"
#include "util/units.h"

#define PRIORITY_DEFAULT 100
/* Half of what a 1 Gb/s network carries would be 60 MiB/s; the guest's own
 * pages go first. */
#define SYNC_DEFAULT_KIB_PER_S (20 * KIB_PER_MIB)
#define WAIT_DEFAULT_MS        (30 * MS_PER_S)
#define DOMID_MAX              0x7fef /* the last one that is no special one */
/* Of a key or value that is repeated in an error. */
#define SHOWN_SIZE 80

enum key {
    KEY_VOLUME = 1u << 0,
    KEY_DOMID = 1u << 1,
    KEY_SIZE = 1u << 2,
    KEY_LEG = 1u << 3,
    KEY_VDEV = 1u << 4,
    KEY_PRIORITY = 1u << 5,
    KEY_MOVE = 1u << 6,
    KEY_SYNC_SPEED = 1u << 7,
    KEY_WAIT = 1u << 8,
    KEY_FORCE = 1u << 9,
};

static const struct command {
    const char *name;
    unsigned needed;
    unsigned optional;
} commands[RSWAP_COMMANDS] = {
    [RSWAP_ATTACH] = { "attach", KEY_VOLUME | KEY_DOMID | KEY_SIZE | KEY_LEG,
                       KEY_VDEV | KEY_PRIORITY | KEY_MOVE },
    [RSWAP_WITHDRAW] = { "withdraw", KEY_VOLUME, KEY_WAIT },
    [RSWAP_DETACH] = { "detach", KEY_VOLUME, KEY_LEG | KEY_FORCE },
    [RSWAP_STATUS] = { "status", KEY_VOLUME, 0 },
    [RSWAP_REMOVE_LEG] = { "remove-leg", KEY_VOLUME | KEY_LEG, 0 },
    [RSWAP_ADD_LEG] = { "add-leg", KEY_VOLUME | KEY_LEG, KEY_SYNC_SPEED },
    [RSWAP_LIST] = { "list", 0, 0 },
};

static int __attribute__((format(printf, 2, 3)))
refuse(char error[PARSE_ERROR_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, PARSE_ERROR_SIZE, format, args);
    va_end(args);
    return -EINVAL;
}

static int
refuse_value(char error[PARSE_ERROR_SIZE], const char *key,
             const char *expected, const char *value)
{
    char shown[SHOWN_SIZE];

    return refuse(error, "%s is %s, not '%s'", key, expected,
                  text_escape(shown, sizeof(shown), value));
}

static int
take_u32(const char *value, uint32_t max, uint32_t *ret)
{
    uint64_t number = 0;
    int r = parse_u64(value, 0, max, &number);

    if (r == 0)
        *ret = (uint32_t)number;
    return r;
}

static int
take_volume(struct rswap_args *a, const char *value)
{
    return parse_uuid(value, a->volume);
}

static int
take_domid(struct rswap_args *a, const char *value)
{
    int r = take_u32(value, DOMID_MAX, &a->domid);

    return r == 0 && a->domid == 0 ? -ERANGE : r;
}

/* Devices are counted in pages. */
static int
take_size(struct rswap_args *a, const char *value)
{
    int r = parse_size_kib(value, &a->size_kib);

    a->size_kib = page_floor_kib(a->size_kib);
    return r == 0 && a->size_kib < RSWAP_SIZE_MIN_KIB ? -ERANGE : r;
}

static int
take_leg(struct rswap_args *a, const char *value)
{
    if (a->n_legs == RSWAP_LEGS_MAX)
        return -ERANGE;
    return rswap_leg_parse(value, &a->legs[a->n_legs++]);
}

static int
take_vdev(struct rswap_args *a, const char *value)
{
    if (!offer_vdev_is_good(value))
        return -EINVAL;
    memcpy(a->vdev, value, strlen(value) + 1);
    return 0;
}

static int
take_priority(struct rswap_args *a, const char *value)
{
    return take_u32(value, OFFER_PRIORITY_MAX, &a->priority);
}

static int
take_move(struct rswap_args *a, const char *value)
{
    return parse_size_kib(value, &a->move_kib_per_s);
}

/* md takes no less than 1 KiB/s, in a signed number. */
static int
take_sync_speed(struct rswap_args *a, const char *value)
{
    int r = parse_size_kib(value, &a->sync_kib_per_s);

    return r == 0 && (a->sync_kib_per_s == 0 || a->sync_kib_per_s > INT32_MAX)
               ? -ERANGE
               : r;
}

static int
take_wait(struct rswap_args *a, const char *value)
{
    return parse_duration_ms(value, &a->wait_ms);
}

static int
take_force(struct rswap_args *a, const char *value)
{
    return parse_bool(value, &a->is_forced);
}

static const struct argument {
    const char *name;
    enum key key;
    const char *expected;
    int (*take)(struct rswap_args *a, const char *value);
} arguments[] = {
    { "volume", KEY_VOLUME, "a uuid", take_volume },
    { "domid", KEY_DOMID, "the number of a guest", take_domid },
    { "size", KEY_SIZE, "a size of 16 MiB at least", take_size },
    { "leg", KEY_LEG,
      "one of four at most, nbd:HOST:PORT:EXPORT or file:DIRECTORY", take_leg },
    { "vdev", KEY_VDEV, "a device's name in the guest", take_vdev },
    { "priority", KEY_PRIORITY, "a number up to 32767", take_priority },
    { "move", KEY_MOVE, "a size (for each second)", take_move },
    { "sync-speed", KEY_SYNC_SPEED, "a size (for each second)",
      take_sync_speed },
    { "wait", KEY_WAIT, "a time", take_wait },
    { "force", KEY_FORCE, "yes or no", take_force },
};
#define N_ARGUMENTS (sizeof(arguments) / sizeof(arguments[0]))

const char *
rswap_command_text(enum rswap_command command)
{
    return commands[command].name;
}

static const struct argument *
find_argument(const char *text, const char **ret_value)
{
    for (size_t i = 0; i < N_ARGUMENTS; i++) {
        size_t length = strlen(arguments[i].name);

        if (strncmp(text, arguments[i].name, length) == 0 &&
            text[length] == '=') {
            *ret_value = text + length + 1;
            return &arguments[i];
        }
    }
    return NULL;
}

static int
take(struct rswap_args *a, const char *text, unsigned *seen,
     char error[PARSE_ERROR_SIZE])
{
    const struct command *command = &commands[a->command];
    const char *value = NULL;
    const struct argument *argument = find_argument(text, &value);
    char shown[SHOWN_SIZE];

    if (!argument || !((command->needed | command->optional) & argument->key))
        return refuse(error, "%s does not take '%s'", command->name,
                      text_escape(shown, sizeof(shown), text));
    if (*seen & argument->key && argument->key != KEY_LEG)
        return refuse(error, "%s is there twice", argument->name);
    *seen |= argument->key;
    if (argument->take(a, value) < 0)
        return refuse_value(error, argument->name, argument->expected, value);
    return 0;
}

static int
find_command(struct rswap_args *a, const char *text,
             char error[PARSE_ERROR_SIZE])
{
    char shown[SHOWN_SIZE];

    for (int i = 0; i < RSWAP_COMMANDS; i++)
        if (strcmp(text, commands[i].name) == 0) {
            a->command = (enum rswap_command)i;
            return 0;
        }
    return refuse(error, "there is no command '%s'",
                  text_escape(shown, sizeof(shown), text));
}

static int
check_needed(const struct command *command, unsigned seen,
             char error[PARSE_ERROR_SIZE])
{
    for (size_t i = 0; i < N_ARGUMENTS; i++)
        if (command->needed & ~seen & arguments[i].key)
            return refuse(error, "%s needs %s=", command->name,
                          arguments[i].name);
    return 0;
}

static int
check_legs(struct rswap_args *a, char error[PARSE_ERROR_SIZE])
{
    const char *fault = a->command == RSWAP_ATTACH
                            ? rswap_legs_fault(a->legs, a->n_legs)
                            : NULL;
    bool is_changed =
        a->command == RSWAP_ADD_LEG || a->command == RSWAP_REMOVE_LEG;

    if (is_changed && a->n_legs != 1)
        return refuse(error, "%s takes one leg", commands[a->command].name);
    a->is_single_remote = fault != NULL;
    return fault ? refuse(error, "%s", fault) : 0;
}

int
rswap_args_parse(struct rswap_args *ret, int argc, char *const *argv,
                 char error[PARSE_ERROR_SIZE])
{
    struct rswap_args a = {
        .priority = PRIORITY_DEFAULT,
        .sync_kib_per_s = SYNC_DEFAULT_KIB_PER_S,
        .wait_ms = WAIT_DEFAULT_MS,
    };
    unsigned seen = 0;
    int r;

    ret->is_single_remote = false;
    r = argc < 2 ? refuse(error, "a command is missing")
                 : find_command(&a, argv[1], error);
    for (int i = 2; r == 0 && i < argc; i++)
        r = take(&a, argv[i], &seen, error);
    if (r == 0)
        r = check_needed(&commands[a.command], seen, error);
    if (r == 0)
        r = check_legs(&a, error);
    if (r == 0)
        *ret = a;
    else
        ret->is_single_remote = a.is_single_remote;
    return r;
}
