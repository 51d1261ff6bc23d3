/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strict forms of what administrators and other hosts write. */
#include <config.h>

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "peer-name.h"
#include "proto/lease.h"

static bool
is_word(const char *text, size_t size, const char *others)
{
    size_t i;

    if (!text || !isalnum((unsigned char)text[0]) || strlen(text) >= size)
        return false;
    for (i = 0; text[i]; i++)
        if (!isascii((unsigned char)text[i]) ||
            (!isalnum((unsigned char)text[i]) && !strchr(others, text[i])))
            return false;
    return true;
}

bool
peer_name_is_valid(const char *name)
{
    return is_word(name, PEER_NAME_SIZE, "-._");
}

bool
peer_volume_is_valid(const char *volume)
{
    return is_word(volume, LEASE_VOLUME_SIZE, "-._:");
}

bool
peer_secret_is_valid(const char *secret)
{
    size_t length = strlen(secret), i;

    for (i = 0; i < length; i++)
        if (secret[i] <= ' ' || secret[i] > '~')
            return false;
    return length >= PEER_SECRET_LEAST && length < PEER_SECRET_SIZE;
}

/* host[:port] in its parts; a bare IPv6 address has no port. */
static int
split(const char *text, char host[PEER_HOST_SIZE], const char **ret_port)
{
    const char *end = text + strlen(text), *colon = strchr(text, ':');
    size_t length;

    *ret_port = NULL;
    if (text[0] == '[') {
        end = strchr(++text, ']');
        if (!end || (end[1] && end[1] != ':'))
            return -EINVAL;
        *ret_port = end[1] ? end + 2 : NULL;
    } else if (colon && !strchr(colon + 1, ':')) {
        end = colon;
        *ret_port = colon + 1;
    }
    length = (size_t)(end - text);
    if (length >= PEER_HOST_SIZE)
        return -EINVAL;
    memcpy(host, text, length);
    host[length] = '\0';
    return 0;
}

static int
parse_port(const char *text, uint16_t *ret)
{
    unsigned int port = 0;
    size_t i;

    for (i = 0; text[i] >= '0' && text[i] <= '9' && port <= UINT16_MAX; i++)
        port = port * 10 + (unsigned int)(text[i] - '0');
    if (text[i] || port == 0 || port > UINT16_MAX)
        return -EINVAL;
    *ret = (uint16_t)port;
    return 0;
}

int
peer_address_parse(const char *text, struct peer_address *ret)
{
    return peer_address_parse_port(text, PEER_PORT, ret);
}

int
peer_address_parse_port(const char *text, uint16_t port,
                        struct peer_address *ret)
{
    struct peer_address a = { .port = port };
    char host[PEER_HOST_SIZE];
    struct in6_addr bytes;
    const char *port_text;

    if (split(text, host, &port_text) < 0)
        return -EINVAL;
    if (port_text && parse_port(port_text, &a.port) < 0)
        return -EINVAL;
    a.is_v6 = strchr(host, ':') != NULL;
    if (inet_pton(a.is_v6 ? AF_INET6 : AF_INET, host, &bytes) != 1)
        return -EINVAL;
    inet_ntop(a.is_v6 ? AF_INET6 : AF_INET, &bytes, a.host, sizeof(a.host));
    *ret = a;
    return 0;
}

void
peer_address_format(const struct peer_address *address,
                    char text[PEER_ADDRESS_SIZE])
{
    snprintf(text, PEER_ADDRESS_SIZE, address->is_v6 ? "[%s]:%u" : "%s:%u",
             address->host, address->port);
}
