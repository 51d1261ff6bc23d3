/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lendmem's control socket, served by a thread of its own. */
#ifndef LEND_CONTROL_H
#define LEND_CONTROL_H

struct lend;
struct lend_control;

/* Only root may connect.  -EADDRINUSE if another one answers there. */
int lend_control_open(struct lend_control **ret, const char *path,
                      struct lend *lend);
/* In the process that is to serve. */
int lend_control_start(struct lend_control *control);
/* NULL is fine. */
struct lend_control *lend_control_close(struct lend_control *control);

#endif
