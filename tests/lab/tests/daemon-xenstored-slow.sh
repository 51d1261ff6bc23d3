#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: xenstored stands still for ten seconds in the middle of a squeeze: the
#      daemon lives, goes on, and loses nothing.
# lab: --mem 1152 --dom0-mem 384
# shellcheck source=/dev/null
. /lab/xenstored.sh

balancerd_start
start_guests 224 128 320 one:pv two:pv
must_rest 60
story_of_a_slow_one
finish
