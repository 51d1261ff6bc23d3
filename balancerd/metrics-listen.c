/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where metrics are served: "10811" is this host alone. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "metrics-listen.h"
#include "peer-name.h"
#include "util/parse.h"

int
metrics_address(const char *listen, char text[METRICS_ADDRESS_SIZE])
{
    struct peer_address address = { .host = "127.0.0.1" };
    uint64_t port;
    int r = parse_u64(listen, 1, UINT16_MAX, &port);

    if (r == 0)
        address.port = (uint16_t)port;
    else
        r = peer_address_parse_port(listen, METRICS_PORT, &address);
    if (r == 0)
        peer_address_format(&address, text);
    return r < 0 ? -EINVAL : 0;
}
