/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files that are replaced as a whole or not at all. */
#ifndef UTIL_FILE_H
#define UTIL_FILE_H

#include <stddef.h>

#define FILE_NEW_SUFFIX ".new" /* left behind by who was killed meanwhile */

/* A descriptor or -errno. */
int file_open_dir(const char *dir);
/* On disk when it returns; on failure the old file is as it was.  0 or
 * -errno. */
int file_replace(int dir_fd, const char *name, const char *text);
/* 0, also if there is none, or -errno. */
int file_remove(int dir_fd, const char *name);
/* At most size bytes of it.  0 or -errno. */
int file_read(int dir_fd, const char *name, char *text, size_t size,
              size_t *ret_length);

#endif
