/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As include/linux/swap.h has it: 1 KiB for boot loaders, then the fields, in
 * the byte order of the machine, the signature at the end of the page. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/swap-header.h"
#include "util/text.h"
#include "util/units.h"

#define SIGNATURE        "SWAPSPACE2"
#define SIGNATURE_LENGTH (sizeof(SIGNATURE) - 1)
#define SIGNATURE_AT     (SWAP_HEADER_BYTES - SIGNATURE_LENGTH)
#define FIELDS_AT        1024
#define VERSION          1u
#define UUID_BYTES       16
/* How much of a uuid a label has room for. */
#define LABEL_DIGITS 8

struct fields {
    uint32_t version;
    uint32_t last_page;
    uint32_t n_bad_pages;
    unsigned char uuid[UUID_BYTES];
    char label[SWAP_LABEL_SIZE];
};

void
swap_header_label(const char *uuid, char ret_label[SWAP_LABEL_SIZE])
{
    snprintf(ret_label, SWAP_LABEL_SIZE, "rswap-%.*s", LABEL_DIGITS, uuid);
}

static unsigned
digit_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* Of a uuid that parse_uuid() has seen. */
static void
uuid_to_bytes(const char *uuid, unsigned char bytes[UUID_BYTES])
{
    size_t n = 0;

    for (size_t i = 0; uuid[i] && n < 2 * (size_t)UUID_BYTES; i++) {
        if (uuid[i] == '-')
            continue;
        if (n % 2 == 0)
            bytes[n / 2] = (unsigned char)(digit_value(uuid[i]) << 4);
        else
            bytes[n / 2] |= (unsigned char)digit_value(uuid[i]);
        n++;
    }
}

static void
uuid_from_bytes(const unsigned char b[UUID_BYTES], char uuid[PARSE_UUID_SIZE])
{
    snprintf(uuid, PARSE_UUID_SIZE,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
             "%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
             b[11], b[12], b[13], b[14], b[15]);
}

int
swap_header_format(const struct swap_header *h,
                   unsigned char ret_page[SWAP_HEADER_BYTES])
{
    uint64_t pages = h->size_kib / PAGE_KIB;
    struct fields fields = { .version = VERSION };
    char uuid[PARSE_UUID_SIZE];

    if (parse_uuid(h->uuid, uuid) < 0 ||
        strnlen(h->label, SWAP_LABEL_SIZE) == SWAP_LABEL_SIZE)
        return -EINVAL;
    if (h->size_kib < SWAP_MIN_KIB || pages > UINT32_MAX)
        return -ERANGE;
    fields.last_page = (uint32_t)pages - 1;
    uuid_to_bytes(uuid, fields.uuid);
    memcpy(fields.label, h->label, strlen(h->label));
    memset(ret_page, 0, SWAP_HEADER_BYTES);
    memcpy(ret_page + FIELDS_AT, &fields, sizeof(fields));
    memcpy(ret_page + SIGNATURE_AT, SIGNATURE, SIGNATURE_LENGTH);
    return 0;
}

int
swap_header_parse(const unsigned char page[SWAP_HEADER_BYTES],
                  struct swap_header *ret)
{
    struct fields fields;

    memcpy(&fields, page + FIELDS_AT, sizeof(fields));
    if (memcmp(page + SIGNATURE_AT, SIGNATURE, SIGNATURE_LENGTH) != 0 ||
        fields.version != VERSION)
        return -EINVAL;
    if (fields.last_page == 0)
        return -ERANGE;
    uuid_from_bytes(fields.uuid, ret->uuid);
    memcpy(ret->label, fields.label, SWAP_LABEL_SIZE);
    ret->label[SWAP_LABEL_SIZE - 1] = '\0';
    ret->size_kib = ((uint64_t)fields.last_page + 1) * PAGE_KIB;
    return 0;
}
