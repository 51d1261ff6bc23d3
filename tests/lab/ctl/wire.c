/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts that both ends of the console talk need: base64, sum, write. */

#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";

char *
wire_encode(const void *data, size_t size)
{
    const unsigned char *in = data;
    char *text = malloc((size + 2) / 3 * 4 + 1), *out = text;
    size_t i, left;
    uint32_t group;

    if (!text)
        return NULL;
    for (i = 0; i < size; i += 3) {
        left = size - i;
        group = (uint32_t)in[i] << 16;
        group |= left > 1 ? (uint32_t)in[i + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)in[i + 2] : 0;
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[group & 63] : '=';
    }
    *out = '\0';
    return text;
}

bool
wire_decode(char *text, size_t *ret_size)
{
    unsigned char *out = (unsigned char *)text;
    unsigned int bits = 0;
    uint32_t value = 0;
    const char *digit, *in;

    for (in = text; *in && *in != '='; in++) {
        digit = strchr(digits, *in);
        if (!digit)
            return false;
        value = value << 6 | (uint32_t)(digit - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *out++ = (unsigned char)(value >> bits);
        }
    }
    *ret_size = (size_t)(out - (unsigned char *)text);
    return true;
}

uint64_t
wire_sum(const char *text, size_t size)
{
    uint64_t sum = FNV_START;
    size_t i;

    for (i = 0; i < size; i++)
        sum = (sum ^ (unsigned char)text[i]) * FNV_PRIME;
    return sum;
}

int
wire_write(int fd, const char *data, size_t size)
{
    ssize_t n;

    while (size > 0) {
        n = write(fd, data, size);
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0) {
            data += n;
            size -= (size_t)n;
        }
    }
    return 0;
}
