#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# why: what Xen takes for domains of several types and sizes against what two
#      models and balancerd predict.  Prints a line "overhead MEASURED_KIB
#      PREDICTED_KIB XAPI_KIB LIBXL_KIB TYPE MEM_MIB MAX_MIB VCPUS..." each.
# shellcheck source=/dev/null
. /lab/overhead.sh

balancerd_start
for row in "${overhead_rows[@]}"; do
	# shellcheck disable=SC2086
	measure guest $row
	echo "overhead $measured_kib $predicted_kib $xapi_kib $libxl_kib $row"
done
balancerd_stop
