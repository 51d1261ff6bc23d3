/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells the service manager how the daemon fares (sd_notify's protocol). */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

/* Without a service manager that listens every call does nothing. */
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
void notify_watchdog(void);

/* A watchdog that is not pinged for this long ends the daemon; 0: none. */
uint64_t notify_watchdog_ms(void);

#endif
