#!/bin/bash
# Is the bridge well? Asks the management port with nothing but bash, because the image has no curl.
# Exit 0 when it answers 200, 1 otherwise. PINBRIDGE_MANAGEMENT_PORT as for the bridge.
set -u
port="${PINBRIDGE_MANAGEMENT_PORT:-9876}"
exec 3<>"/dev/tcp/127.0.0.1/${port}" || exit 1
printf 'GET /observe/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3 || exit 1
IFS=' ' read -r -t 4 _ status _ <&3 || exit 1
[[ "${status}" == 200 ]]
