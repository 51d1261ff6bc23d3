#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: automation.sh, with the xenstored that Debian starts: other watch events,
#      other conflicts, other quotas.
# lab: --mem 1152 --dom0-mem 384 --timeout 400 --xenstored ocaml
# shellcheck source=/dev/null
. /lab/automation.sh

whole_story
