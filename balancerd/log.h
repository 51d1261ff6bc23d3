/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One failure, one line, by the function that can name the consequence. */
#ifndef LOG_H
#define LOG_H

#include <stdarg.h>

/* Longer texts are cut: a feasibility sentence about many domains is the
 * longest that is logged. */
#define LOG_TEXT_SIZE 2048

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARN,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG,
};

/* Takes lines instead of standard error; for tests.  NULL: back to it. */
typedef void log_sink_fn(enum log_level level, const char *line);
void log_set_sink(log_sink_fn *sink);
void log_set_level(enum log_level level);
enum log_level log_get_level(void);
/* Prefix lines with <N> for the journal. */
void log_set_journal(int is_journal);

/* The x forms do not append strerror(error); error is a positive errno. */
void log_warn(int error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_at(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
