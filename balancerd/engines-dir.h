/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file in the directory of settings in which engines last that were loaded
 * at run time.  The default one is that of the configuration. */
#ifndef ENGINES_DIR_H
#define ENGINES_DIR_H

#include "engines.h"

/* Loads them; one that cannot be loaded has its place all the same, set aside,
 * and the log says why.  The directory is kept (not copied): from now on what
 * changes in t is saved there. */
void engines_dir_load(const char *dir, struct engines *t);
/* All but the default one.  0, also if they do not last; or -errno and a
 * sentence: the old file is as it was. */
int engines_dir_save(const struct engines *t, char error[CONF_ERROR_SIZE]);

#endif
