#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Who gets more, who stays where it is, and who may be given swap.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

# Two alike that cannot both have all they may have.
sed -i -E 's/^(actual|target) = 1856MiB/\1 = 1GiB/
    s/^dynamic-min = .*/dynamic-min = 512MiB/
    s/^(dynamic|static)-max = .*/\1-max = 2GiB/' "$dir/host.scn"
start
wait_for 'rest' at_rest
wait_for 'equal shares' eval '[ "$(vm web memory-actual)" = "$(vm db memory-actual)" ]'

# Twice as much above the minimum.
ask 0 vm-memory-weight-set vm=web weight=512
silent
vm_is web weight 512 || fail 'the weight is not shown'
vm_is db weight 256 || fail 'the other weight has changed'
twice() {
    local web db

    web=$(vm web memory-target) db=$(vm db memory-target)
    web=$(((web >> 20) - 512)) db=$(((db >> 20) - 512))
    [ $((web - 2 * db)) -le 2 ] && [ $((2 * db - web)) -le 2 ]
}
wait_for 'twice as much for web' twice
for weight in 0 65536 heavy -1 ''; do
    ask 1 vm-memory-weight-set vm=web "weight=$weight"
    says err "Error: Failed to parse field 'weight': expecting an integer from\
 1 to 65535, got '$weight'"
done
vm_is web weight 512 || fail 'the weight has changed'

# Pinned here, pinned there, let go.
ask 0 vm-memory-target-wait is-control-domain=false --multiple
target=$(vm db memory-target)
ask 0 vm-memory-pin vm=db
silent
vm_is db memory-pin "$target" || fail 'the pin is not where it was'
ask 0 vm-memory-weight-set vm=web weight=1
ask 0 vm-memory-target-wait vm=web
ask 0 vm-memory-target-wait vm=db
vm_is db memory-target "$target" || fail 'db has moved'
vm_is db reason pinned || fail 'the reason is not the pin'
ask 0 vm-memory-pin vm=db memory=600m
wait_for 'db at its pin' vm_is db memory-actual 629145600
ask 0 vm-memory-explain vm=db
says out 'pinned at: 600 MiB'
ask 1 vm-memory-pin vm=db memory=500m
diff - "$dir/err" <<'END' || fail 'not the numbers'
Error: The pin lies outside of the domain's dynamic range
domid: 2
memory-pin: 500 MiB
dynamic-min: 512 MiB
dynamic-max: 2048 MiB
END
ask 1 vm-memory-pin vm=db memory=3g
vm_is db memory-pin 629145600 || fail 'the pin has changed'
ask 0 vm-memory-unpin vm=db
vm_is db memory-pin '<unknown>' || fail 'it is still pinned'
wait_for 'more for db' eval '[ "$(vm db memory-actual)" -gt 1073741824 ]'

# Swap.
vm_is db swap-policy '' || fail 'there is a policy already'
ask 0 vm-swap-policy-set vm=db policy=manual max-size=2g
vm_is db swap-policy manual || fail 'the policy is not set'
ask 0 vm-swap-policy-set is-control-domain=false policy=never --multiple
vm_is db swap-policy never || fail 'the policy is not set'
vm_is web swap-policy never || fail 'the policy is not set'
vm_is db swap-max-size 2147483648 || fail 'the bound is gone'
ask 1 vm-swap-policy-set vm=db policy=often
says err "Error: Failed to parse field 'policy': expecting auto, manual or\
 never, got 'often'"
