#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The control socket as programs see it: JSON-RPC 2.0, and what is not.
# shellcheck source=tests/cli/ctl.bash
. "${abs_top_srcdir:?}/tests/cli/ctl.bash"

talk() { # LINES [half]; standard input is sent
    perl "$abs_top_srcdir/tests/cli/talk" "$socket" "$@" >"$dir/out" ||
        fail 'no answer'
}

answers() { # REQUEST ANSWER
    printf '%s\n' "$1" | talk 1
    says out "$2"
}

# The one of the client that waited.
has_one_reservation() {
    [[ $(reservations) =~ ^[0-9a-f-]{36}$ ]]
}

start
answers '{"jsonrpc":"2.0","id":7,"method":"balancer-status"}' \
    '{"jsonrpc":"2.0","id":7,"result":{"version":'
answers '{"jsonrpc":"2.0","id":"x","method":"vm-list","params":{"params":"domid"}}' \
    '{"jsonrpc":"2.0","id":"x","result":{"vms":[{"domid":0},{"domid":1},{"domid":2}]}}'

# Not a request.
answers '' '"code":-32700'
answers 'hello' '"code":-32700'
answers '{"jsonrpc":"2.0","id":1,"method":"vm-list"}}' '"code":-32700'
answers "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vm\\u0000-list\"}" '"code":-32700'
answers "$(printf '[%.0s' {1..100})" '"code":-32700'
answers '[{"jsonrpc":"2.0","id":1,"method":"vm-list"}]' '"code":-32600'
answers '"hello"' '"code":-32600'
answers '{"id":1,"method":"vm-list"}' '"id":1,"error":{"code":-32600'
answers '{"jsonrpc":"2.0","method":"vm-list"}' '"id":null,"error":{"code":-32600'
answers '{"jsonrpc":"2.0","id":1}' '"code":-32600'

# Not a verb, not its params.
answers '{"jsonrpc":"2.0","id":1,"method":"vm-lists"}' \
    '"code":-32601,"message":"Unknown command: vm-lists (did you mean vm-list?)"'
answers '{"jsonrpc":"2.0","id":1,"method":"vm-list","params":["web"]}' '"code":-32602'
answers '{"jsonrpc":"2.0","id":1,"method":"vm-list","params":{"vm":1}}' '"code":-32602'
answers '{"jsonrpc":"2.0","id":1,"method":"vm-list","params":{"wm":"1"}}' \
    "\"message\":\"Unknown field 'wm' (did you mean vm?)\""
answers '{"jsonrpc":"2.0","id":1,"method":"vm-memory-target-set","params":{"vm":"1"}}' \
    '"message":"Required parameter not found: target"'

# Several requests on one connection come back in their order, also from a
# client that has closed its half.
for id in 1 2 3; do
    echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"method\":\"host-memory-balance\"}"
done | talk 3 half
diff - "$dir/out" <<'END' || fail 'not in order'
{"jsonrpc":"2.0","id":1,"result":{}}
{"jsonrpc":"2.0","id":2,"result":{}}
{"jsonrpc":"2.0","id":3,"result":{}}
END

# More than fits into a socket's buffer.
for id in {1..500}; do
    echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"method\":\"host-memory-show\"}"
done | talk 501 half
[ "$(wc -l <"$dir/out")" = 500 ] || fail 'answers are missing'
tail -n 1 "$dir/out" | grep -q '"id":500,' || fail 'the last answer is missing'

# While one waits for memory, the next one waits, too.
{
    echo '{"jsonrpc":"2.0","id":1,"method":"memory-reserve","params":{"size":"1g"}}'
    echo '{"jsonrpc":"2.0","id":2,"method":"host-memory-balance"}'
} | talk 2
head -n 1 "$dir/out" | grep -q '"id":1,"result":{"id":' || fail 'no reservation'
tail -n 1 "$dir/out" | grep -q '"id":2,"result":{}' || fail 'no second answer'

# Nobody can be told of a reservation who has closed his half.
echo '{"jsonrpc":"2.0","id":1,"method":"memory-reserve","params":{"size":"1g"}}' |
    talk 1 half
[ ! -s "$dir/out" ] || fail 'there was an answer'
wait_for 'end of the reservation' has_one_reservation

# A line without an end, and a long one.
head -c 70000 /dev/zero | tr '\0' x | talk 2
says out '"message":"The request is too long"'
[ "$(wc -l <"$dir/out")" = 1 ] || fail 'it was answered twice'
