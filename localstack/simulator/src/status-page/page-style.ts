/** The look of the status page: light or dark as the reader's system is, readable on a phone. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2733; --quiet: #64748b; --line: #dbe2ea; --back: #f5f7fa;
  --card: #fff; --good: #15803d; --wait: #b45309; --bad: #b91c1c; --mark: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --quiet: #94a3b8; --line: #334155;
  --back: #0f172a; --card: #1e293b; --good: #4ade80; --wait: #fbbf24; --bad: #f87171; --mark: #93c5fd; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
header, main, footer { max-width: 1280px; margin: 0 auto; padding: 0 20px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; padding-top: 16px; }
h1 { font-size: 20px; margin: 0; }
header p { margin: 0; }
h2 { font-size: 15px; margin: 0 0 6px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px;
  margin: 12px 0; }
.tiles { display: flex; flex-wrap: wrap; gap: 8px 36px; }
.tile b { display: block; font-size: 22px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 24px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; white-space: nowrap; color: var(--quiet); font-weight: 500; font-size: 12px; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: 12px ui-monospace, monospace; white-space: nowrap; }
td code { display: inline-block; margin-right: 10px; }
td > b { white-space: nowrap; }
.whole { white-space: nowrap; }
.scroll { overflow-x: auto; }
.quiet { color: var(--quiet); }
.good { color: var(--good); } .wait { color: var(--wait); } .bad { color: var(--bad); }
.chip { display: inline-block; border: 1px solid currentColor; border-radius: 10px; padding: 0 8px;
  margin: 1px 4px 1px 0; font-size: 12px; white-space: nowrap; }
.bar { display: flex; height: 8px; width: 120px; border-radius: 4px; overflow: hidden; background: var(--line);
  margin-top: 6px; }
.bar i { display: block; }
.bar .good { background: var(--good); } .bar .wait { background: var(--wait); } .bar .bad { background: var(--bad); }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; }
input { font: inherit; width: 150px; padding: 2px 6px; border: 1px solid var(--line); border-radius: 4px;
  background: var(--back); color: inherit; }
#groups { max-height: 600px; overflow-y: auto; }
footer { padding-bottom: 24px; }
`;
