/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lease as its borrower uses it: the data path. */
#ifndef LEASE_USE_H
#define LEASE_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "lend.h"
#include "store-pages.h"

/* 0, -ENOENT: no such token, or -EUSERS: it has too many connections. */
int lease_attach(struct lend *lend, const char *untrusted_token,
                 struct lease **ret);
void lease_detach(struct lend *lend, struct lease *lease);

uint64_t lease_number(const struct lease *lease); /* for the log */
/* Once a second at most: a borrower must not fill the log. */
bool lease_may_log(struct lease *lease);
uint64_t lease_size_bytes(struct lease *lease);

/* 0, -ESHUTDOWN: the lease has ended, -EINVAL: beyond its size, -ENOSPC or
 * -ENOMEM. */
int lease_read(struct lease *lease, void *to, uint32_t length, uint64_t offset);
int lease_write(struct lease *lease, const void *from, uint32_t length,
                uint64_t offset);
int lease_zero(struct lease *lease, uint32_t length, uint64_t offset);
/* As pages_run(). */
int lease_run(struct lease *lease, const struct pages_span *span,
              uint64_t *ret_length, bool *ret_is_stored);

struct lease_record {
    uint64_t number;
    char token[LEND_TOKEN_SIZE];
    char label[LEND_LABEL_SIZE];
    struct pages_count pages;
    uint64_t reads;
    uint64_t writes;
    uint64_t zeroes; /* and trims */
    uint64_t read_bytes;
    uint64_t written_bytes;
    uint64_t refused; /* for quota, size or memory */
    uint32_t idle_s;  /* since it was last used, or created */
    unsigned int n_connections;
};

#endif
