#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: daemon-xenstored-slow.sh with oxenstored.
# lab: --mem 1152 --dom0-mem 384 --xenstored ocaml
# shellcheck source=/dev/null
. /lab/xenstored.sh

balancerd_start
start_guests 224 128 320 one:pv two:pv
must_rest 60
story_of_a_slow_one
finish
