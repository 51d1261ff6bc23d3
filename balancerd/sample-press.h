/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does a guest's new sample wake the daemon, or can it wait for its turn? */
#ifndef SAMPLE_PRESS_H
#define SAMPLE_PRESS_H

#include "proto/sample.h"

bool sample_presses(const struct sample *before, const struct sample *now);

#endif
