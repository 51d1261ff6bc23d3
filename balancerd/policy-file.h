/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who could have changed a plugin? */
#ifndef POLICY_FILE_H
#define POLICY_FILE_H

#include <limits.h>

#include "policy.h"

/* What is loaded runs with all rights of the daemon.  The file and all
 * directories above it must belong to root (or to the user that the daemon
 * runs as) and be writable for nobody else.  ret_path: without symbolic links.
 * 0; -EPERM or another -errno and a sentence. */
int policy_file_check(const char *path, char ret_path[PATH_MAX],
                      char error[POLICY_ERROR_SIZE]);

#endif
