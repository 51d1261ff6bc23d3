/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pieces of an SVG file.  Coordinates are in tenths of pixels, so that no
 * floating point is needed. */
#ifndef CLI_SVG_H
#define CLI_SVG_H

#include <stdio.h>

/* "12.3", behind a letter of a path or as an attribute's value. */
void svg_number(FILE *out, unsigned tenths);
/* Text with what XML gives a meaning escaped. */
void svg_escaped(FILE *out, const char *text);
/* class has the font, and where x is in the text. */
void svg_text(FILE *out, unsigned x, unsigned y, const char *class,
              const char *text);
/* Of class name; what is shown to who points at it. */
void svg_named(FILE *out, unsigned x, unsigned y, const char *text,
               const char *title);
struct svg_box {
    unsigned x, y, width, height;
};
void svg_rect(FILE *out, const struct svg_box *box, const char *class);
void svg_line(FILE *out, const struct svg_box *from_by, const char *class);

#endif
