#!/bin/bash
# Starts Artemis with the configuration in docker/broker and the passwords of the environment.
# The configuration is copied at every start, so that a change needs a restart and no new instance.
set -euo pipefail
umask 077

instance=/var/lib/artemis-instance
ours=/opt/pinbridge

user() { # name, password: one line for artemis-users.properties
  if [[ ! "$2" =~ ^[A-Za-z0-9._~-]{8,}$ ]]; then
    echo "The password of the broker's user $1 needs 8 or more letters, digits and . _ ~ - and nothing else." >&2
    exit 2
  fi
  printf '%s = %s\n' "$1" "$2"
}

users=$(
  user pinbridge "${BROKER_BRIDGE_PASSWORD:-}"
  user client "${BROKER_CLIENT_PASSWORD:-}"
  user operator "${BROKER_OPERATOR_PASSWORD:-}"
)

if [[ "${1:-}" == --print-users ]]; then
  printf '%s\n' "${users}"
  exit 0
fi

cd "${instance}"
if [[ ! -f etc/broker.xml ]]; then
  # The user that "create" asks for is replaced below.
  unused=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  /opt/*artemis*/bin/artemis create --silent --require-login --user unused --password "${unused}" .
fi
cp "${ours}"/broker/broker.xml "${ours}"/broker/login.config "${ours}"/broker/artemis-roles.properties etc/
printf '%s\n' "${users}" > etc/artemis-users.properties
mkdir -p lib
cp "${ours}/pinbridge-send-guard.jar" lib/
unset BROKER_BRIDGE_PASSWORD BROKER_CLIENT_PASSWORD BROKER_OPERATOR_PASSWORD
exec ./bin/artemis run
