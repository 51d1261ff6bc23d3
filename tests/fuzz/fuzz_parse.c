/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as text: what is parsed and written down again parses to the same,
 * and what is escaped is printable and stays as it is. */
#include <config.h>

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/parse.h"
#include "util/text.h"

#define TEXT_SIZE 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
check_number(const char *text, size_t length)
{
    char written[32];
    uint64_t value = 0;
    uint64_t again = 1;

    if (parse_u64_n(text, length, 0, UINT64_MAX, &value) < 0)
        return;
    snprintf(written, sizeof(written), "%" PRIu64, value);
    require(parse_u64(written, value, value, &again) == 0 && again == value);
    require(parse_size_bytes(text, &again) == 0 && again == value);
}

static void
check_units(const char *text)
{
    char written[32];
    uint64_t bytes = 0;
    uint64_t kib = 0;
    uint64_t ms = 0;
    uint64_t again = 1;
    int r = parse_size_bytes(text, &bytes);

    require(parse_size_kib(text, &kib) == r);
    if (r == 0) {
        require(kib == bytes / 1024 + (bytes % 1024 > 0));
        snprintf(written, sizeof(written), "%" PRIu64 " B", bytes);
        require(parse_size_bytes(written, &again) == 0 && again == bytes);
    }
    if (parse_duration_ms(text, &ms) == 0) {
        snprintf(written, sizeof(written), "%" PRIu64 "ms", ms);
        require(parse_duration_ms(written, &again) == 0 && again == ms);
    }
}

static void
check_uuid(const char *text)
{
    char uuid[PARSE_UUID_SIZE];
    char again[PARSE_UUID_SIZE];

    if (parse_uuid(text, uuid) < 0)
        return;
    require(strcasecmp(uuid, text) == 0);
    require(parse_uuid(uuid, again) == 0 && strcmp(uuid, again) == 0);
}

static void
check_escape(const char *text, size_t size)
{
    char escaped[TEXT_SIZE];
    char again[TEXT_SIZE];

    text_escape(escaped, size, text);
    require(strlen(escaped) < size);
    require(text_is_printable(escaped));
    require(text_width(escaped) <= strlen(escaped));
    text_escape(again, sizeof(again), escaped);
    require(strcmp(escaped, again) == 0);
    if (strcmp(escaped, text) == 0)
        require(text_is_printable(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    bool is_yes;

    require(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    check_number(text, size);
    check_units(text);
    check_uuid(text);
    check_escape(text, TEXT_SIZE / 4 - size % 32);
    if (parse_bool(text, &is_yes) == 0)
        require(strlen(text) <= strlen("false"));
    free(text);
    return 0;
}
