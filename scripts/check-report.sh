#!/usr/bin/env bash
# Opens RUN_DIR/report.html in headless Chromium, light and dark, at three widths. Fails if the page is blank, writes to the console, asks for anything
# outside itself, scrolls sideways, or has text that leaves its figure. Needs chromium (Debian: apt-get install chromium).
# usage: scripts/check-report.sh RUN_DIR [FOLDER_FOR_SCREENSHOTS]
set -euo pipefail
[ $# -ge 1 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
report=$(realpath -- "$1")/report.html
[ -s "$report" ] || { echo "check-report: $report: missing or empty; run latticeflow report first" >&2; exit 2; }
browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$browser" ] || { echo "check-report: no chromium found; install it or set CHROMIUM" >&2; exit 5; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

open_page() {
    local log=$1 page=$2
    shift 2
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync \
        --hide-scrollbars --user-data-dir="$work/profile" --enable-logging=stderr --v=0 "$@" "file://$page" 2>"$log"
}
fail() { echo "FAIL $*"; failures=$((failures + 1)); }

# As shipped: its own content policy lets nothing in, so a blocked request or any complaint shows up on the console.
open_page "$work/plain.log" "$report" --dump-dom >"$work/plain.html"
if grep -E 'CONSOLE|net::ERR' "$work/plain.log"; then fail "console messages"; fi
size=$(stat -c %s "$work/plain.html")
[ "$size" -ge 5000 ] || fail "blank page: $size bytes of DOM"

cat >"$work/probe.js" <<'JS'
addEventListener('load', () => {
  const problems = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) problems.push(`page is ${page.scrollWidth} wide in ${page.clientWidth}`);
  if (document.body.innerText.trim().length < 200) problems.push('hardly any text');
  for (const figure of document.querySelectorAll('svg')) {
    const box = figure.viewBox.baseVal, name = figure.getAttribute('aria-label');
    if (figure.getBoundingClientRect().height < 60) problems.push(`${name}: no height`);
    if (/NaN|Infinity/.test(figure.outerHTML)) problems.push(`${name}: NaN`);
    for (const text of figure.querySelectorAll('text')) {
      const a = text.getBoundingClientRect(), b = figure.getBoundingClientRect();
      if (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 2 || a.bottom > b.bottom + 2) problems.push(`${name}: "${text.textContent}" leaves its figure`);
    }
  }
  const result = document.createElement('output');
  result.id = 'probe';
  result.textContent = `${document.querySelectorAll('svg').length} figures; ${problems.length} problems; ${problems.join('; ')}`;
  document.body.append(result);
});
JS
# The measuring script would be refused by the content policy, so it runs in a copy without it.
{ sed -E 's/<meta http-equiv="Content-Security-Policy"[^>]*>//; s#</body></html>##' "$report"; echo '<script>'; cat "$work/probe.js"; echo '</script></body></html>'; } >"$work/probed.html"
for width in 1200 700 500; do
    for theme in light dark; do
        scheme=1
        [ "$theme" = dark ] && scheme=0
        flags=(--blink-settings=preferredColorScheme=$scheme --window-size=$width,4000)
        open_page "$work/probe.log" "$work/probed.html" --dump-dom "${flags[@]}" >"$work/probed.dom"
        verdict=$(grep -oE '<output id="probe">[^<]*' "$work/probed.dom" | sed 's/.*>//' || true)
        case $verdict in
            *"; 0 problems; "*) echo "ok   $width px, $theme: ${verdict%%;*}" ;;
            *) fail "$width px, $theme: ${verdict:-the page did not load}" ;;
        esac
        if [ $# -ge 2 ]; then
            mkdir -p "$2"
            open_page "$work/shot.log" "$report" "${flags[@]}" --screenshot="$(realpath "$2")/report-$width-$theme.png" >/dev/null
        fi
    done
done
[ "$failures" -eq 0 ] && echo "report is good: $report"
exit "$((failures > 0 ? 3 : 0))"
