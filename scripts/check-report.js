// What is wrong with the page as it is laid out now, one sentence each; run by scripts/check-report.sh at every width.
(() => {
  const problems = [];
  const page = document.documentElement;
  const smallest = 11;
  if (page.scrollWidth > page.clientWidth) problems.push(`page is ${page.scrollWidth} wide in ${page.clientWidth}`);
  if (document.body.innerText.trim().length < 200) problems.push('hardly any text');
  for (const box of document.querySelectorAll('.scroll')) {
    if (page.clientWidth <= 640 && box.scrollWidth > box.clientWidth) problems.push(`a table is ${box.scrollWidth} wide in ${box.clientWidth}`);
  }
  for (const text of document.querySelectorAll('td, th, dd, dt, p, li, figcaption, h3, .detail, .name')) {
    const size = parseFloat(getComputedStyle(text).fontSize);
    if (size < smallest) problems.push(`"${text.textContent.slice(0, 40)}" is ${size} px high`);
  }
  for (const figure of document.querySelectorAll('svg')) {
    const name = figure.getAttribute('aria-label'), b = figure.getBoundingClientRect();
    if (b.height < 60) problems.push(`${name}: no height`);
    if (/NaN|Infinity/.test(figure.outerHTML)) problems.push(`${name}: NaN`);
    const size = 11.5 * b.width / figure.viewBox.baseVal.width;
    if (size < smallest - 0.5) problems.push(`${name}: its text is ${size.toFixed(1)} px high`);
    for (const text of figure.querySelectorAll('text')) {
      const a = text.getBoundingClientRect();
      if (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 2 || a.bottom > b.bottom + 2) problems.push(`${name}: "${text.textContent}" leaves its figure`);
    }
    const labels = [...figure.querySelectorAll('.axes text')].map(text => text.getBoundingClientRect());
    if (labels.some((a, i) => labels.some((c, j) => j > i && a.left < c.right - 1 && c.left < a.right - 1 && a.top < c.bottom - 2 && c.top < a.bottom - 2))) problems.push(`${name}: labels of an axis lie on each other`);
  }
  return problems;
})()
