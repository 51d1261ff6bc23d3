/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel tells of block devices below /sys/block. */
#ifndef RSWAP_SYSFS_H
#define RSWAP_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSFS_TEXT_SIZE 512
#define SYSFS_PATH_SIZE 160

/* The first line of DEVICE/ATTRIBUTE.  0 or -errno. */
int sysfs_read(const char *device, const char *attribute,
               char ret_text[SYSFS_TEXT_SIZE]);
int sysfs_read_u64(const char *device, const char *attribute, uint64_t *ret);
int sysfs_write(const char *device, const char *attribute, const char *text);
/* 0: it is none. */
uint64_t sysfs_size_kib(const char *device);

/* Calls for each entry of DEVICE/DIRECTORY until it returns false; device ""
 * is /sys/block itself.  What is not there has no entries. */
void sysfs_each(const char *device, const char *directory,
                bool (*visit)(void *ctx, const char *name), void *ctx);

/* Waits until the predicate holds.  0 or -ETIMEDOUT. */
int sysfs_wait(bool (*holds)(const void *ctx), const void *ctx,
               uint64_t timeout_ms);

#endif
