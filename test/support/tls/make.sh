#!/bin/sh
# Makes the certificates of the tests anew, valid from 2020 to 2120 but for `expired` and `future`. Needs openssl.
# The authorities' keys are thrown away; the keys that stay are worth nothing outside these tests.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/ca.cnf" <<CONFIG
[ca]
default_ca = here
[here]
database = $work/index
new_certs_dir = $work
serial = $work/serial
default_md = sha256
unique_subject = no
policy = any
[any]
organizationName = optional
commonName = supplied
CONFIG
: > "$work/index"
openssl rand -hex 8 > "$work/serial"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$1"; }
# sign <name> <key> <common name> <extensions> <from> <to> <how>…
sign() {
  name=$1 key=$2 subject=$3 extensions=$4 from=$5 to=$6
  shift 6
  openssl req -new -key "$key" -subj "/O=oai-upload tests/CN=$subject" -out "$work/request"
  printf '%b\n' "$extensions" > "$work/extensions"
  openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/request" -extfile "$work/extensions" \
    -startdate "${from}0101000000Z" -enddate "${to}0101000000Z" -out "$name.crt" "$@" 2> /dev/null
}
authority() {
  key "$work/$1.key"
  sign "$1" "$work/$1.key" "$2" 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash' \
    2020 2120 -selfsign -keyfile "$work/$1.key"
}
by() { echo "-cert $1.crt -keyfile $work/$1.key"; }

authority ca 'oai-upload test authority'
authority client-ca 'oai-upload test client authority'
key server.key
key client.key
names='basicConstraints=CA:FALSE\nsubjectAltName=DNS:api.test,DNS:localhost,IP:127.0.0.1'
sign server server.key api.test "$names" 2020 2120 $(by ca)
sign other-host server.key other.test 'basicConstraints=CA:FALSE\nsubjectAltName=DNS:other.test,DNS:*.others.test' 2020 2120 $(by ca)
sign expired server.key api.test "$names" 2020 2021 $(by ca)
sign future server.key api.test "$names" 2110 2120 $(by ca)
sign self-signed server.key self.test "$names" 2020 2120 -selfsign -keyfile server.key
sign client client.key 'test client' 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth' 2020 2120 $(by client-ca)
