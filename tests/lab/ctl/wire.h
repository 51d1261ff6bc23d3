/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How dom0 and a guest of the lab talk over the guest's console.
 *
 *   run ID =BASE64            dom0: run this shell command
 *   again ID                  dom0: the answer was garbled, repeat it
 *   drop ID                   dom0: the answer arrived
 *   @lab up UUID@             guest: I serve
 *   @lab ID RC =BASE64 SUM@   guest: exit code and output
 *
 * The kernel may write into the middle of an answer: hence the sum.
 */

#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_ID_BYTES 64u

/* A new string with the base64 form; NULL without memory. */
char *wire_encode(const void *data, size_t size);

/* Decode in place (the result is shorter); false if it is not base64. */
bool wire_decode(char *text, size_t *ret_size);

/* The sum over the bytes of an answer: FNV-1a. */
uint64_t wire_sum(const char *text, size_t size);

/* Write all of it, whatever write() thinks is enough; 0 or -errno. */
int wire_write(int fd, const char *data, size_t size);

#endif
