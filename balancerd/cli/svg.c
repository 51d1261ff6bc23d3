/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes elements. */
#include <config.h>

#include "svg.h"

void
svg_number(FILE *out, unsigned tenths)
{
    fprintf(out, tenths % 10 > 0 ? "%u.%u" : "%u", tenths / 10, tenths % 10);
}

void
svg_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void
attribute(FILE *out, const char *name, unsigned tenths)
{
    fprintf(out, " %s=\"", name);
    svg_number(out, tenths);
    fputc('"', out);
}

static void
begin_text(FILE *out, unsigned x, unsigned y, const char *class)
{
    fprintf(out, "<text class=\"%s\"", class);
    attribute(out, "x", x);
    attribute(out, "y", y);
    fputc('>', out);
}

void
svg_text(FILE *out, unsigned x, unsigned y, const char *class, const char *text)
{
    begin_text(out, x, y, class);
    svg_escaped(out, text);
    fputs("</text>\n", out);
}

void
svg_named(FILE *out, unsigned x, unsigned y, const char *text,
          const char *title)
{
    begin_text(out, x, y, "name");
    svg_escaped(out, text);
    fputs("<title>", out);
    svg_escaped(out, title);
    fputs("</title></text>\n", out);
}

void
svg_rect(FILE *out, const struct svg_box *box, const char *class)
{
    fprintf(out, "<rect class=\"%s\"", class);
    attribute(out, "x", box->x);
    attribute(out, "y", box->y);
    attribute(out, "width", box->width);
    attribute(out, "height", box->height);
    fputs("/>\n", out);
}

void
svg_line(FILE *out, const struct svg_box *from_by, const char *class)
{
    fprintf(out, "<line class=\"%s\"", class);
    attribute(out, "x1", from_by->x);
    attribute(out, "y1", from_by->y);
    attribute(out, "x2", from_by->x + from_by->width);
    attribute(out, "y2", from_by->y + from_by->height);
    fputs("/>\n", out);
}
