/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the keys of balancerctl top do to its state. */
#ifndef CLI_TOP_KEYS_H
#define CLI_TOP_KEYS_H

#include <stddef.h>

#include "top.h"

/* Other domains came in: they are sorted, and the same one stays picked. */
void top_arrange(struct top *t);

/* What is not a character. */
enum top_key {
    TOP_KEY_UP = 256,
    TOP_KEY_DOWN,
    TOP_KEY_PAGE_UP,
    TOP_KEY_PAGE_DOWN,
    TOP_KEY_HOME,
    TOP_KEY_END,
    TOP_KEY_BACKSPACE,
    TOP_KEY_ENTER,
    TOP_KEY_ESCAPE,
};

enum top_deed {
    TOP_NOTHING,
    TOP_ASK, /* for how it is now */
    TOP_SET_RANGE,
    TOP_QUIT,
};

/* page: how many domains fit on the screen. */
enum top_deed top_press(struct top *t, int key, size_t page);
/* What was typed, as two sizes of xe's kind.  0 or -EINVAL. */
int top_typed_range(const struct top *t, char ret_min[TOP_INPUT_SIZE],
                    char ret_max[TOP_INPUT_SIZE]);

#endif
