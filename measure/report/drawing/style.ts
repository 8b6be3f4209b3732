import type { Markup } from "./html.ts";

const light = `
--paper:#fcfcfb;--card:#fff;--ink:#1b2430;--soft:#5a6675;--line:#dfe3e8;--faint:#eef0f3;--accent:#0b6b62;
--c-teal:#11857a;--c-amber:#d08a1d;--c-blue:#3d6fae;--c-sky:#8db4dd;--c-rose:#b8567f;--c-violet:#7d65b5;
--c-green:#5f9152;--c-slate:#7c8a9a;--c-sand:#c9c2ae;--c-brick:#b8472f;`;

const dark = `
--paper:#12171e;--card:#171e27;--ink:#e6eaf0;--soft:#9ba7b5;--line:#2b3541;--faint:#202934;--accent:#5cc9bc;
--c-teal:#35b3a5;--c-amber:#e0a544;--c-blue:#6495d6;--c-sky:#456f9f;--c-rose:#d67ca3;--c-violet:#a08adb;
--c-green:#82b574;--c-slate:#7f8d9d;--c-sand:#6d6858;--c-brick:#e0715a;`;

const layers = Array.from(
  { length: 8 },
  (
    _,
    i,
  ) => `.t${i}:checked~svg .l${i}{display:inline}.t${i}:checked~figcaption .k${i}{opacity:1;border-style:solid}
.t${i}:focus-visible~figcaption .k${i}{outline:2px solid var(--accent);outline-offset:2px}`,
).join("\n");

/** The style sheet of the report: system fonts, light and dark by the reader's setting, light on paper. */
export const style: Markup = {
  markup: `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:0 clamp(16px,4vw,48px) 64px;background:var(--paper);color:var(--ink);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
header{padding:clamp(32px,7vw,72px) 0 8px}
.kicker{margin:0;color:var(--soft);font-size:13px;letter-spacing:.02em}
h1{margin:.35em 0 .4em;max-width:22em;font-size:clamp(26px,4.6vw,44px);line-height:1.15;font-weight:600;letter-spacing:-.018em;text-wrap:balance}
h1 em{font-style:normal;color:var(--accent)}
.sub{max-width:46em;margin:0 0 28px;font-size:17px;color:var(--soft)}
h2{margin:0 0 14px;font-size:20px;font-weight:600;letter-spacing:-.01em}
h3{margin:24px 0 8px;font-size:15px;font-weight:600}
section{margin:52px 0 0;padding-top:22px;border-top:1px solid var(--line)}
.note{max-width:68em;margin:12px 0;color:var(--soft);font-size:13.5px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(180px,50%),1fr));gap:1px;margin:0;padding:0;list-style:none;
background:var(--line);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.figures li{display:flex;flex-direction:column;padding:16px 18px;background:var(--card)}
.number{font-size:26px;white-space:nowrap;font-weight:600;letter-spacing:-.015em;line-height:1.2}
.what{color:var(--soft);font-size:13.5px}
.beside{margin-top:6px;color:var(--soft);font-size:13px}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14px}
th,td{padding:8px 12px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--faint);font-weight:400}
th:first-child,td:first-child{padding-left:0;text-align:left}
th:last-child,td:last-child{padding-right:2px}
th.text,td.text{text-align:left}
thead th{vertical-align:bottom;color:var(--soft);font-size:13px;border-bottom-color:var(--line)}
tbody th{font-weight:600}
strong{font-weight:600}
abbr{text-decoration:underline dotted var(--line);text-underline-offset:3px;cursor:help}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 12px;padding:0;list-style:none;font-size:13.5px;color:var(--soft)}
.swatch{display:inline-block;width:11px;height:11px;margin-right:7px;border-radius:2px;vertical-align:-1px}
.row{display:grid;grid-template-columns:84px minmax(0,1fr) 200px;gap:0 16px;align-items:center;padding:4px 0}
.row.two{grid-template-columns:84px minmax(0,3fr) minmax(0,2fr) 76px}
.row.wide{grid-template-columns:132px minmax(0,1fr);padding:0}
.row svg{display:block;overflow:visible}
.row.head{color:var(--soft);font-size:12.5px}
.row .name{font-weight:600;font-size:14px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row.wide .name{font-weight:400;font-size:13px}
.row .value{font-size:14px;white-space:nowrap;text-align:right}
.ends{display:flex;justify-content:space-between}
.bar{background:var(--faint);border-radius:2px}
svg text{fill:var(--soft);font-size:12px;font-family:inherit}
svg .title{fill:var(--ink)}
.grid{stroke:var(--line);stroke-width:1}
.axis{stroke:var(--soft);stroke-width:1}
.mark{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:3 2}
.dot{fill:var(--accent);stroke:var(--paper);stroke-width:1.5}
.pass{stroke-width:1.5}
.pass:hover,.bar rect:hover{opacity:.75}
.curve{fill:none;stroke-width:2.2;stroke-linejoin:round}
.trace{margin:1.4rem 0 0}
.trace svg{display:block;width:100%;height:auto;margin-top:.3rem}
.declared{margin:0 0 24px;padding:10px 14px;border:1px solid var(--c-amber);border-radius:6px}
.row.spreads{grid-template-columns:104px 78px minmax(0,1fr) 78px 150px}
.row.spreads .low,.row.spreads .high{font-size:13px;color:var(--soft)}.row.spreads .low{text-align:right}
a{color:var(--accent)}
.under{display:block;margin-top:3px}
.fleet .row{grid-template-columns:132px minmax(0,1fr) 200px}
.stations .row{grid-template-columns:132px minmax(0,1fr) 290px}
.plot{display:block;width:100%;max-width:540px}
.beside-plot{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:24px 40px;align-items:start}
.scenes{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:28px}
.scene{margin:0;min-width:0}
.scene input{position:absolute;opacity:0;pointer-events:none}
.scene svg{display:block;width:100%;height:auto;border-radius:6px;background:var(--faint)}
.l{display:none;filter:drop-shadow(0 0 1px #000)}
.l rect,.l polygon{fill:transparent;stroke-width:1.6;vector-effect:non-scaling-stroke}
svg .label{stroke:#ffe14d;stroke-dasharray:4 3}
svg .onboard{stroke:#38e0ff}
svg .ground{stroke:#ff7ac6}
.scale line{vector-effect:non-scaling-stroke}.scale .under{stroke:#000a;stroke-width:5}.scale .over{stroke:#fff;stroke-width:2.5}
.scene .scale text{fill:#fff;paint-order:stroke;stroke:#000a;stroke-width:.25em;stroke-linejoin:round}
figcaption{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:baseline;padding-top:10px;font-size:14px}
.keys{display:flex;flex-wrap:wrap;gap:6px}
.keys label{padding:1px 9px;border:1px dashed var(--line);border-radius:99px;font-size:12.5px;opacity:.55;cursor:pointer}
.keys label::before{content:"";display:inline-block;width:9px;height:9px;margin-right:6px;border-radius:2px;box-shadow:0 0 0 1px #0003}
.keys .label::before{background:#ffe14d}.keys .onboard::before{background:#38e0ff}.keys .ground::before{background:#ff7ac6}
${layers}
.facts{margin:0;display:grid;gap:0}
.facts div{display:grid;grid-template-columns:150px minmax(0,1fr);gap:0 16px;padding:7px 0;border-bottom:1px solid var(--faint)}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
pre{margin:8px 0;padding:12px 14px;overflow-x:auto;background:var(--faint);border-radius:6px}
summary{cursor:pointer;color:var(--soft)}
@media (max-width:680px){
.row,.row.two{grid-template-columns:minmax(0,1fr) auto;gap:3px 10px;padding:7px 0}
.row .name{order:1}.row .value{order:2}.row>svg,.row>.ends,.row>span:not([class]){order:3;grid-column:1/-1}
.row.head>span:empty,.row.two.head>span:nth-child(2){display:none}
.row.wide{grid-template-columns:104px minmax(0,1fr);padding:0;gap:0 10px}.row.wide .name{font-size:12px}
.row.wide>svg{order:3;grid-column:2}
.row.wide.head>span:empty{display:block;order:1}
.facts div{grid-template-columns:1fr}
}
@media print{body{max-width:none;padding:0;font-size:11pt}section,.scene,.row{break-inside:avoid}h2{break-after:avoid}
.bar,svg rect,.swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`,
};
