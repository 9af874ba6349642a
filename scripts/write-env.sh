#!/bin/sh
# Writes .env with fresh passwords for docker-compose.yml; never over one that is there.
set -eu
cd "$(dirname "$0")/.."
[ ! -e .env ] || { echo ".env is there already; remove it to make new passwords (the stores keep the old ones)" >&2; exit 1; }
umask 077
for name in NEO4J_PASSWORD QDRANT_API_KEY REDIS_PASSWORD POSTGRES_PASSWORD; do
  printf '%s=%s\n' "$name" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done > .env
echo "wrote .env"
