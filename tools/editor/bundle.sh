#!/bin/sh
# Bundles the editor of the preview and its licences into generator/preview/static. Needs npm; a
# change of a version in package.json is the only reason to run it. The same pins give the same bytes.
set -eu
cd "$(dirname "$0")"
static=../../generator/preview/static
npm install --no-package-lock --no-audit --no-fund --silent
./node_modules/.bin/esbuild editor.js --bundle --minify --format=esm --target=es2022 \
  --charset=utf8 --legal-comments=none --outfile=$static/editor.js
{
  echo "editor.js is bundled from these packages (versions in tools/editor/package.json), all MIT:"
  for licence in node_modules/@codemirror/*/LICENSE node_modules/@lezer/*/LICENSE \
    node_modules/@marijn/find-cluster-break/LICENSE node_modules/crelt/LICENSE \
    node_modules/style-mod/LICENSE node_modules/w3c-keyname/LICENSE; do
    printf '\n== %s\n\n' "$(dirname "${licence#node_modules/}")"
    cat "$licence"
  done
} >$static/editor.LICENSES.txt
