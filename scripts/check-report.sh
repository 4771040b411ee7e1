#!/usr/bin/env bash
# Opens RUN_DIR/report.html in headless Chromium, light and dark, at 1280, 700 and 400 pixels. Fails if the page is blank, writes to the console, asks for anything
# outside itself, scrolls sideways, or has text that is too small, leaves its figure or lies on other text. Needs python3 and chromium (Debian: apt-get install chromium).
# usage: scripts/check-report.sh RUN_DIR [FOLDER_FOR_SCREENSHOTS]
set -euo pipefail
[ $# -ge 1 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
here=$(dirname "$(realpath "$0")")
report=$(realpath -- "$1")/report.html
[ -s "$report" ] || { echo "check-report: $report: missing or empty; run latticeflow report first" >&2; exit 2; }
code=0
timeout 300 python3 "$here/python/browser.py" probe "$report" "$here/check-report.js" || code=$?
[ $# -lt 2 ] || timeout 300 python3 "$here/python/browser.py" shoot "$report" "$2" report
[ "$code" -ne 0 ] || echo "report is good: $report"
exit "$code"
