#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: everything a script can do through xenstore, with plain xenstore-* tools.
# lab: --mem 1152 --dom0-mem 384 --timeout 400
# shellcheck source=/dev/null
. /lab/automation.sh

whole_story
