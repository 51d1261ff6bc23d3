/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs that vm-start runs: found in PATH, one at a time. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#define CHILD_TEXT_SIZE 4096 /* of captured output */

/* Starts argv; its standard output is output_fd.  0 or -errno. */
int child_start(const char *const *argv, int output_fd, pid_t *ret_pid);
/* 0: it has ended, *ret_status is that of waitpid.  -ETIMEDOUT; -EINTR: a
 * signal that signals_caught() tells. */
int child_wait(pid_t pid, uint64_t timeout_ms, int *ret_status);
/* Runs argv to its end with its output in text, terminated.  0 or -errno. */
int child_capture(const char *const *argv, char text[CHILD_TEXT_SIZE],
                  int *ret_status);

#endif
