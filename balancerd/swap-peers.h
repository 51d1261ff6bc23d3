/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peers (peers.h) as lenders of volumes. */
#ifndef SWAP_PEERS_H
#define SWAP_PEERS_H

#include "swap-lend.h"

struct peers;

typedef void swap_peers_news_fn(void *arg);

/* peers is kept, and outlives it.  news: there is an answer, or a peer is
 * another than before.  NULL: no memory. */
struct swap_lend *
swap_peers_new(struct peers *peers, swap_peers_news_fn *news, void *arg);

#endif
