/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only file that sees ncurses. */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <curses.h>

#include "top-draw.h"
#include "top-keys.h"
#include "top-term.h"
#include "util/units.h"

#define KEY_ESC 27
/* Bytes of a key come 9 ms apart at 1200 baud, Escape alone is told after. */
#define ESCAPE_MS   100
#define WAIT_MAX_MS 600000u

static SCREEN *screen;

int
top_term_open(void)
{
    screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return -ENOTTY;
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    curs_set(0);
    return 0;
}

void
top_term_close(void)
{
    endwin();
    delscreen(screen);
    screen = NULL;
}

static size_t
at_least_1(int n)
{
    return n > 0 ? (size_t)n : 1;
}

size_t
top_term_rows(void)
{
    return at_least_1(getmaxy(stdscr));
}

static void
show_row(int y, const struct top_row *row)
{
    attr_t base = row->is_reverse ? A_REVERSE : A_NORMAL;

    attr_set(base, 0, NULL);
    mvaddstr(y, 0, row->text);
    if (row->is_reverse)
        mvchgat(y, 0, -1, base, 0, NULL);
    if (row->bold_length > 0)
        mvchgat(y, (int)row->bold_from, (int)row->bold_length, base | A_BOLD, 0,
                NULL);
}

void
top_term_show(const struct top *t)
{
    size_t n = top_term_rows();
    struct top_row *rows = calloc(n, sizeof(*rows));

    if (!rows)
        return;
    /* In the last place of the last row some terminals scroll. */
    top_draw(t, at_least_1(getmaxx(stdscr) - 1), n, rows);
    erase();
    for (size_t i = 0; i < n; i++)
        show_row((int)i, &rows[i]);
    refresh();
    free(rows);
}

static const struct {
    int theirs;
    int ours;
} keys[] = {
    { ERR, TOP_TERM_NO_KEY },
    { KEY_RESIZE, TOP_TERM_RESIZE },
    { KEY_UP, TOP_KEY_UP },
    { KEY_DOWN, TOP_KEY_DOWN },
    { KEY_PPAGE, TOP_KEY_PAGE_UP },
    { KEY_NPAGE, TOP_KEY_PAGE_DOWN },
    { KEY_HOME, TOP_KEY_HOME },
    { KEY_END, TOP_KEY_END },
    { KEY_BACKSPACE, TOP_KEY_BACKSPACE },
    { 0x7f, TOP_KEY_BACKSPACE },
    { '\b', TOP_KEY_BACKSPACE },
    { KEY_ENTER, TOP_KEY_ENTER },
    { '\n', TOP_KEY_ENTER },
    { '\r', TOP_KEY_ENTER },
    { KEY_ESC, TOP_KEY_ESCAPE },
};

/* Then getch returns at once, for ever. */
static bool
has_hung_up(void)
{
    struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };

    return poll(&terminal, 1, 0) > 0 &&
           (terminal.revents & (POLLHUP | POLLERR | POLLNVAL));
}

int
top_term_key(uint64_t wait_ms)
{
    int key;

    timeout((int)min_u64(wait_ms, WAIT_MAX_MS));
    key = getch();
    if (key == ERR && has_hung_up())
        return TOP_TERM_GONE;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].theirs == key)
            return keys[i].ours;
    return key < 256 ? key : TOP_TERM_NO_KEY;
}
