const dark =
  'color-scheme:dark;--page:#0e131a;--surface:#161d27;--line:#2a3543;--text:#e5ebf3;--muted:#9dabbc;--accent:#7db3ff;--good:#58cf9f;--bad:#ff9089;--t0:#7db3ff;--t1:#f0bd5c;--t2:#c79bf2;--t3:#6fc9e8;--t4:#f08ac8;--t5:#b9d65a'

/** The look of a report, in both themes: that of the reader's system, or the one chosen with the button. */
export const reportStyle = `
:root{color-scheme:light;--page:#f4f6f9;--surface:#fff;--line:#dce1e9;--text:#17202c;--muted:#566374;--accent:#1f5fbf;--good:#0a6b49;--bad:#b3261e;--t0:#1f5fbf;--t1:#9a5b00;--t2:#7a3fb0;--t3:#0b6583;--t4:#a0307a;--t5:#4d6600}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=dark]{${dark}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main{max-width:1160px;margin:0 auto;padding:0 20px}
header{display:flex;align-items:baseline;gap:16px;padding-top:24px}
header h1{font-size:22px;margin:0}
header p{margin:0;color:var(--muted);flex:1}
section{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:16px 0}
h2{font-size:16px;margin:0 0 10px}
h3{font-size:14px;margin:14px 0 6px}
button,select{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--line);border-radius:7px;padding:5px 11px;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:12px;margin:0}
.facts div{border-left:3px solid var(--line);padding-left:10px}
.facts dt{color:var(--muted);font-size:13px}
.facts dd{margin:0;font-size:17px}
.good{color:var(--good)}.bad{color:var(--bad)}.muted,.note{color:var(--muted)}
.note{font-size:13px;margin:8px 0 0}
.cuts{columns:3 300px;column-gap:24px}.cuts>div{break-inside:avoid;margin-bottom:14px}.cuts h3{margin-top:0}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{color:var(--muted);font-weight:500;text-align:right;padding:3px 8px;border-bottom:1px solid var(--line)}
td{text-align:right;padding:3px 8px;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left}
.wide{overflow-x:auto}
.heat td{border:1px solid var(--surface);text-align:center;min-width:52px}
.heat .up{background:color-mix(in srgb,var(--good) var(--share),var(--surface))}
.heat .down{background:color-mix(in srgb,var(--bad) var(--share),var(--surface))}
.heat th{text-align:center}
.heat.fine td{min-width:34px;padding:2px 3px;font-size:12px}
.heat .best{outline:2px solid var(--text);outline-offset:-2px}
.verdict{border-left:6px solid var(--line);font-size:17px}.verdict.good{border-left-color:var(--good);color:inherit}.verdict.bad{border-left-color:var(--bad);color:inherit}
svg .train{fill:var(--accent);opacity:.35}svg .test.up{fill:var(--good)}svg .test.down{fill:var(--bad)}svg .test.none{fill:var(--line)}
svg .label{fill:var(--text);font-size:11px}
svg{display:block}
svg.chart{width:100%;height:auto}
svg .grid{stroke:var(--line);stroke-width:1}
svg .axis{fill:var(--muted);font-size:11px}
svg .line{fill:none;stroke:currentColor;stroke-width:1.6}
svg .price path{vector-effect:non-scaling-stroke}
svg .area{fill:currentColor;opacity:.14}
svg .equity{color:var(--accent)}svg .benchmark{color:var(--muted)}svg .fall{color:var(--bad)}
svg .benchmark.line{stroke-dasharray:5 4}
svg .bar.up{stroke:var(--good);fill:var(--good)}svg .bar.down{stroke:var(--bad);fill:var(--bad)}
svg .mark{stroke:var(--surface);stroke-width:1}
svg .mark.buy{fill:var(--t0)}svg .mark.sell{fill:var(--t4)}
svg .panel{fill:var(--page);opacity:.6}
svg .chosen{fill:var(--accent);opacity:.22}
th.text,td.text{text-align:left}
svg .amount{fill:var(--text)}
svg .hist{fill:var(--accent)}svg .hist.loss{fill:var(--bad)}svg .hist.gain{fill:var(--good)}svg .hist.equity{fill:var(--accent)}svg .hist.none{fill:var(--muted)}
.t0{color:var(--t0)}.t1{color:var(--t1)}.t2{color:var(--t2)}.t3{color:var(--t3)}.t4{color:var(--t4)}.t5{color:var(--t5)}
tspan.t0{fill:var(--t0)}tspan.t1{fill:var(--t1)}tspan.t2{fill:var(--t2)}tspan.t3{fill:var(--t3)}tspan.t4{fill:var(--t4)}tspan.t5{fill:var(--t5)}
.legend{margin:0 0 8px;font-size:13px;display:flex;flex-wrap:wrap;gap:6px 16px}
.key::before{content:'';display:inline-block;width:12px;height:3px;margin-right:6px;vertical-align:middle;background:currentColor}
.key.equity{color:var(--accent)}.key.benchmark{color:var(--muted)}.key.buy{color:var(--t0)}.key.sell{color:var(--t4)}.key.train{color:var(--accent)}.key.gain{color:var(--good)}.key.loss{color:var(--bad)}
.candles{display:grid;grid-template-columns:70px 1fr}
.scroll{overflow-x:auto;cursor:crosshair}
.why{margin-top:12px;min-height:120px;border-top:1px solid var(--line);padding-top:10px}
.why h3{margin:0 0 6px}
.why dl{display:grid;grid-template-columns:minmax(120px,auto) 1fr;gap:2px 14px;margin:0 0 10px;font-size:14px}
.why dt{color:var(--muted)}.why dd{margin:0;overflow-wrap:anywhere}
@media (max-width:640px){header{flex-wrap:wrap}.why dl{grid-template-columns:1fr}}
@media print{.scroll{overflow:visible}button,select{display:none}}
`
