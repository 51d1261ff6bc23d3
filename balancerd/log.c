/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines for standard error, one per message, for a terminal or the journal. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "util/text.h"

/* The text and what strerror says. */
#define LINE_SIZE (LOG_TEXT_SIZE + 128)

static log_sink_fn *sink;
static enum log_level threshold = LOG_LEVEL_INFO;
static int for_journal;

void
log_set_sink(log_sink_fn *new_sink)
{
    sink = new_sink;
}

void
log_set_level(enum log_level level)
{
    threshold = level;
}

enum log_level
log_get_level(void)
{
    return threshold;
}

void
log_set_journal(int is_journal)
{
    for_journal = is_journal;
}

/* sd-daemon(3): syslog's priorities in angle brackets. */
static const char *
journal_prefix(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "<3>";
    case LOG_LEVEL_WARN:
        return "<4>";
    case LOG_LEVEL_INFO:
        return "<6>";
    case LOG_LEVEL_DEBUG:
        return "<7>";
    }
    return "";
}

/* One write per line, so that lines of a child do not come in between.
 * Nobody can be told that the log itself is broken. */
static void
write_line(enum log_level level, const char *line)
{
    char text[LINE_SIZE + 8];
    ssize_t written;
    int n;

    n = snprintf(text, sizeof(text), "%s%s\n",
                 for_journal ? journal_prefix(level) : "", line);
    do
        written = write(STDERR_FILENO, text, (size_t)n);
    while (written < 0 && errno == EINTR);
}

static void __attribute__((format(printf, 3, 0)))
log_line(enum log_level level, int error, const char *format, va_list args)
{
    int saved_errno = errno;
    char line[LINE_SIZE], shown[LINE_SIZE];

    if (level > threshold)
        return;
    if (vsnprintf(line, LOG_TEXT_SIZE, format, args) < 0)
        return;
    if (error) {
        strncat(line, ": ", LINE_SIZE - strlen(line) - 1);
        strncat(line, strerror(error), LINE_SIZE - strlen(line) - 1);
    }
    /* A guest's name may hold anything: it must not begin a second line nor
     * command the administrator's terminal. */
    text_escape(shown, sizeof(shown), line);
    if (sink)
        sink(level, shown);
    else
        write_line(level, shown);
    errno = saved_errno;
}

void
log_warn(int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(LOG_LEVEL_WARN, error, format, args);
    va_end(args);
}

void
log_at(enum log_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(level, 0, format, args);
    va_end(args);
}

void
log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(LOG_LEVEL_ERROR, 0, format, args);
    va_end(args);
}

void
log_warnx(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(LOG_LEVEL_WARN, 0, format, args);
    va_end(args);
}

void
log_info(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(LOG_LEVEL_INFO, 0, format, args);
    va_end(args);
}

void
log_debug(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_line(LOG_LEVEL_DEBUG, 0, format, args);
    va_end(args);
}
