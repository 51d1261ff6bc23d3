/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The directory in which settings last: a file per domain, named by its uuid,
 * replaced as a whole or not at all.
 */
#ifndef SETTINGS_DIR_H
#define SETTINGS_DIR_H

#include "settings.h"

/* Makes the directory if it is missing and reads its files.  What cannot be
 * used is told to the log: a damaged file is set aside (UUID.bad), one of a
 * newer version is left alone and its domain with it.  0 or -errno. */
int settings_dir_load(const char *dir, struct settings_table *ret);
/* On disk when it returns.  On failure the old file is as it was. 0 or
 * -errno. */
int settings_dir_save(const char *dir, const struct settings *s);
/* 0 (also if there is none) or -errno. */
int settings_dir_remove(const char *dir, const char *uuid);

#endif
