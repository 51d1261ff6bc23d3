/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings that a guest carries with it once they are in force. */
#ifndef GUEST_SETTINGS_H
#define GUEST_SETTINGS_H

struct guest;
struct settings;

/* Weight, pin and engine; s NULL: nothing is set.  Limits go by xenstore. */
void guest_take_settings(struct guest *g, const struct settings *s);

#endif
