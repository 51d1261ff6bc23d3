#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: xenstored dies and comes back with nothing in it: the daemon goes on,
#      does not spin meanwhile, and keeps reservations, requests of scripts and
#      its status there again.
# shellcheck source=/dev/null
. /lab/xenstored.sh

balancerd_start
story_of_a_lost_one
balancerd_stop || fail 'no clean end'
