/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pid file that is locked as long as its daemon lives. */
#ifndef LOCK_H
#define LOCK_H

#define LOCK_ERROR_SIZE 256

/* Takes the lock; *ret_fd keeps it until lock_release.  The file's directory
 * is made if it is absent.  -EBUSY if another process has it, other -errno if
 * the file cannot be made, and a sentence. */
int lock_take(int *ret_fd, const char *path, char error[LOCK_ERROR_SIZE]);
/* The file stays, empty: removing it would race with the next daemon. */
void lock_release(int fd);

#endif
