/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, addresses and secrets of peers: what is one, and what is not. */
#ifndef PEER_NAME_H
#define PEER_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define PEER_NAME_SIZE    48 /* inih cuts a section at 49 characters */
#define PEER_HOST_SIZE    46 /* an IP address: INET6_ADDRSTRLEN */
#define PEER_ADDRESS_SIZE 64 /* with brackets and a port */
#define PEER_SECRET_SIZE  129
/* Who listens in on a handshake can try secrets: short ones would be found. */
#define PEER_SECRET_LEAST 16

/* The port that peers listen on unless told otherwise: NBD's and one more. */
#define PEER_PORT 10810

/* Letters, digits, "-", "." and "_"; the first is a letter or a digit. */
bool peer_name_is_valid(const char *name);
/* The same for what a lease is for, ":" among them; at most LEASE_VOLUME_SIZE
 * with its end. */
bool peer_volume_is_valid(const char *volume);
/* Printable, without blanks, of 16 to 128 characters. */
bool peer_secret_is_valid(const char *secret);

struct peer_address {
    char host[PEER_HOST_SIZE]; /* as inet_ntop has it */
    uint16_t port;
    bool is_v6;
};

/* "192.0.2.1", "192.0.2.1:7", "2001:db8::1", "[2001:db8::1]:7".  No names: the
 * daemon would have to wait for who looks them up.  0 or -EINVAL. */
int peer_address_parse(const char *text, struct peer_address *ret);
/* The same with another port unless told otherwise. */
int peer_address_parse_port(const char *text, uint16_t port,
                            struct peer_address *ret);
/* What parses again, always with the port. */
void peer_address_format(const struct peer_address *address,
                         char text[PEER_ADDRESS_SIZE]);

#endif
