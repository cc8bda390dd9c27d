#!/bin/sh
# Installs Chromium where that takes one command and no password, and says what to do elsewhere; never fails.
for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge; do
  command -v "$name" > /dev/null 2>&1 && exit 0
done
if [ -n "$CXMAP_CHROMIUM" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  echo "installing Chromium for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 chromium; } > /dev/null 2>&1 && exit 0
  echo "Chromium could not be installed; the browser tests will be left out"
  exit 0
fi
echo "the browser tests need Chromium, Chrome or Edge: install one, or name one in CXMAP_CHROMIUM; without it they are left out"
