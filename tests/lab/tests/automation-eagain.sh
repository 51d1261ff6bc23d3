#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: a xenstored that fails every third transaction without a reason
#      (oxenstored's test-eagain): requests are answered all the same, and
#      guests get their targets.
# lab: --mem 1152 --dom0-mem 384 --timeout 400 --xenstored ocaml-eagain
# shellcheck source=/dev/null
. /lab/automation.sh

grep -q '^test-eagain = true' /etc/xen/oxenstored.conf ||
	fail "this xenstored fails no transactions"
balancerd_start
start_guests 224 128 320 one:pv two:pv
must_rest 60
story_of_a_request
story_of_refusals
story_of_a_crash
finish
