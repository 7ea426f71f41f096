/** The style sheet of the HTML report. Rates go from light to dark of one hue, for they are an order. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fcfcfb; --ink: #1c1d1f; --quiet: #5d6166; --grid: #e4e5e6; --axis: #9a9ea3;
  --main: #1f6fd0; --bound: #c2410c; --over: #c2410c; --bare: #7a7f85;
  --s0: #94b9ea; --s1: #75a5e2; --s2: #558fd8; --s3: #2f72c4; --s4: #1b57a0; --s5: #0f3d75; }
@media (prefers-color-scheme: dark) { :root { --page: #17181a; --ink: #e8e9ea; --quiet: #a3a7ac; --grid: #2c2e31;
  --axis: #6b7076; --main: #6aa9f5; --bound: #fb923c; --over: #fb923c; --bare: #8f949a;
  --s0: #3b618f; --s1: #4878ae; --s2: #588fca; --s3: #74a8e2; --s4: #98c0ee; --s5: #cbe0f9; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 64px; }
.kicker { margin: 0; color: var(--quiet); font-size: 13px; }
h1 { margin: 4px 0 16px; font-size: 24px; line-height: 1.3; font-weight: 650; text-wrap: balance; }
h2 { margin: 40px 0 8px; font-size: 17px; font-weight: 650; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; }
figure { margin: 0; } figcaption { color: var(--quiet); font-size: 13px; }
svg { display: block; width: 100%; height: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 24px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 8px; padding: 0; list-style: none; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; } .legend svg { width: 24px; height: 8px; }
.grid { stroke: var(--grid); } .axis, .mark { stroke: var(--axis); }
.tick, .title, .note { fill: var(--quiet); font-size: 12px; } .note { fill: var(--bound); }
.series { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.main { stroke: var(--main); } .dot { fill: var(--main); stroke: var(--page); stroke-width: 2; }
.s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); } .s3 { stroke: var(--s3); }
.s4 { stroke: var(--s4); } .s5 { stroke: var(--s5); } .over { stroke: var(--over); }
.bare { stroke: var(--bare); stroke-dasharray: 5 4; }
.ideal { fill: none; stroke: var(--axis); stroke-dasharray: 4 4; }
.bound { stroke: var(--bound); stroke-dasharray: 2 3; }
.wide { overflow-x: auto; } figure.wide > svg { min-width: 640px; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; vertical-align: bottom; white-space: normal; min-width: 56px; }
th, td { padding: 5px 14px 5px 0; text-align: right; border-bottom: 1px solid var(--grid); }
th:first-child, td:first-child { text-align: left; }
`;
