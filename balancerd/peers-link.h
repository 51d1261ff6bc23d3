/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connection to a peer that is asked.  Part of peers. */
#ifndef PEERS_LINK_H
#define PEERS_LINK_H

struct peers_peer;

/* libevent's callback of peer->timer. */
void peers_on_timer(int fd, short what, void *arg);
/* Connects anew: what is known of the peer has changed. */
void peers_restart(struct peers_peer *peer);

#endif
