#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: daemon-xenstored-restarted.sh with oxenstored.
# lab: --xenstored ocaml
# shellcheck source=/dev/null
. /lab/xenstored.sh

balancerd_start
story_of_a_lost_one
balancerd_stop || fail 'no clean end'
