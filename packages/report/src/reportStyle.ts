/** The style sheet of a report: paper and ink for light and dark, tables that scroll by themselves or, on a phone, become lists, print without cuts. */
export const REPORT_STYLE = `
:root { font-size: 15px; color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --pale: #5b6570; --line: #d5dae0; --stripe: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171c; --ink: #e4e7eb; --pale: #9aa5b1; --line: #343b44; --stripe: #1b2027; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1160px; padding: 24px 20px 48px; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 36px 0 8px; padding-top: 12px; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
p { margin: 8px 0; max-width: 75ch; overflow-wrap: anywhere; }
.subtitle, figcaption { color: var(--pale); }
nav ul { list-style: none; margin: 12px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; }
a { color: inherit; }
.table { margin: 18px 0; }
.table > div { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .27rem .55rem; text-align: right; border-bottom: 1px solid var(--line); white-space: pre; vertical-align: top; }
th:first-child { text-align: left; padding-left: .25rem; }
thead th { border-bottom: 2px solid var(--line); }
tbody th { font-weight: 600; }
tbody tr:nth-child(even), tbody tr:nth-child(even) th { background: var(--stripe); }
th:first-child { position: sticky; left: 0; background: var(--paper); }
.figures { display: flex; flex-wrap: wrap; gap: 20px 28px; align-items: flex-start; margin: 14px 0; }
figure { margin: 0; max-width: 100%; }
figure svg { display: block; }
figcaption { font-size: .87rem; max-width: 480px; }
.table figcaption { max-width: 75ch; padding-bottom: 4px; }
@media screen and (max-width: 640px) {
  body { padding: 16px 14px 40px; }
  .wide, .wide tbody, .wide tr, .wide tbody th { display: block; }
  .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .wide tr { padding: .3rem 0; border-bottom: 2px solid var(--line); }
  .wide tbody tr:nth-child(even), .wide tbody tr:nth-child(even) th { background: none; }
  .wide tbody th, .wide td { border: 0; padding: .15rem .25rem; white-space: normal; }
  .wide td { display: flex; justify-content: space-between; gap: 1rem; }
  .wide td::before { content: attr(data-label); color: var(--pale); text-align: left; }
}
@media print {
  :root { font-size: 10px; --paper: #ffffff; --ink: #000000; --pale: #444444; --line: #bbbbbb; --stripe: #ffffff; }
  body { max-width: none; padding: 0; }
  nav { display: none; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`;
