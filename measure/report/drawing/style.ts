import { chartStyle } from "./chart-style.ts";
import type { Markup } from "./html.ts";

/** The console's tokens, which the report shares: surfaces, three inks, rules, base map, and a hue a kind of product. */
const light = `
--panel:#fff;--ink:#14202b;--ink2:#465463;--ink3:#5f6c78;--rule:#d9dfe3;--faint:#eef1f3;
--sea:#f5f8f9;--land:#d5dcdd;--coast:#a9b5bb;--plan:#8d99a4;--past:#bcc6ce;--dark:#465463;
--detections:#0d7a70;--chips:#a86805;--lossless:#3565a8;--lossy:#5a8ccb;--trouble:#b3361e;
--c-teal:#0d7a70;--c-amber:#a86805;--c-blue:#3565a8;--c-sky:#5a8ccb;--c-rose:#b85687;--c-violet:#7d65b5;
--c-green:#5f9152;--c-slate:#8d99a4;--c-sand:#bcc6ce;--c-brick:#b3361e;`;

const dark = `
--panel:#131a21;--ink:#e9eef3;--ink2:#aeb9c4;--ink3:#8f9aa6;--rule:#2b3741;--faint:#1b242d;
--sea:#1a2630;--land:#40515e;--coast:#5f7080;--plan:#73818e;--past:#44515d;--dark:#7f8d9a;
--detections:#3cc7b6;--chips:#eeb04a;--lossless:#73a5e6;--lossy:#5c88bb;--trouble:#ff8a6e;
--c-teal:#3cc7b6;--c-amber:#eeb04a;--c-blue:#73a5e6;--c-sky:#5c88bb;--c-rose:#d67ca3;--c-violet:#a08adb;
--c-green:#82b574;--c-slate:#73818e;--c-sand:#44515d;--c-brick:#ff8a6e;`;

/** What every page has: type, headings, tables, facts; the charts' own rules stand in `chart-style.ts`. */
const pageRules = `
*{box-sizing:border-box}
body{margin:0 auto;max-width:1220px;padding:0 20px 56px;background:var(--panel);color:var(--ink);
font:14px/1.45 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans","Noto Sans",system-ui,sans-serif;font-variant-numeric:tabular-nums}
a{color:inherit;text-decoration:underline;text-decoration-color:var(--plan);text-underline-offset:3px}
a:focus-visible,summary:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.topline{display:flex;flex-wrap:wrap;gap:4px 22px;align-items:baseline;padding:22px 0 12px;border-bottom:1px solid var(--rule);color:var(--ink2);font-size:13px}
.topline b{font-size:15px;color:var(--ink)}.topline nav{display:flex;flex-wrap:wrap;gap:2px 16px;margin-left:auto}
.kicker{margin:0;padding:22px 0 12px;border-bottom:1px solid var(--rule);color:var(--ink2);font-size:13px}
h1{margin:24px 0 10px;max-width:32em;font-size:35px;line-height:1.17;font-weight:700;letter-spacing:-.015em;text-wrap:balance}
h1 em{font-style:normal;color:var(--detections)}
.warning{margin:18px 0 -8px;color:var(--trouble);font-weight:700;font-size:15px}
.sub,.lead{max-width:62em;margin:0 0 16px;font-size:15px}.sub{color:var(--ink2)}
h2{margin:0 0 10px;font-size:22px;line-height:1.2;font-weight:700;letter-spacing:-.01em}
h3{margin:22px 0 8px;font-size:14px;font-weight:700}
section{margin:46px 0 0}
.note{max-width:66em;margin:10px 0;color:var(--ink2);font-size:13px}
.empty{color:var(--ink2)}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:14px 28px;margin:18px 0 0;padding:12px 0 0;list-style:none;border-top:2px solid var(--ink)}
.figures.five{grid-template-columns:repeat(5,minmax(0,1fr))}
.figures li{display:flex;flex-direction:column}
.number{order:1;font-size:26px;font-weight:700;letter-spacing:-.01em;line-height:1.25;white-space:nowrap}
.what{order:0;color:var(--ink2);font-size:13px}.beside{order:2;color:var(--ink2);font-size:13px}
.two-up{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:30px 44px;align-items:start}
.two-up.wide-left{grid-template-columns:minmax(0,1.55fr) minmax(0,1fr)}
.two-up>*,.beside-plot>*{min-width:0}
.beside-plot{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:24px 44px;align-items:start}
.scroll{max-width:100%}
table{width:100%;border-collapse:collapse;font-size:14px}
caption{padding:0 0 6px;text-align:left;font-weight:700;font-size:13px}
th,td{padding:6px 12px 6px 0;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule);font-weight:400}
th:last-child,td:last-child{padding-right:0}
th:first-child,td:first-child{text-align:left}
th.text,td.text{text-align:left}
thead th{vertical-align:bottom;color:var(--ink2);font-size:13px;border-bottom:1.5px solid var(--ink)}
tbody th{font-weight:700}
td small,th small{display:block;color:var(--ink2);font-size:12px;font-weight:400;white-space:normal}
tr.lead-row>*{background:var(--faint)}
td.bad{color:var(--trouble);font-weight:700}td.bad small{color:var(--trouble)}
.nowrap{white-space:nowrap}
strong{font-weight:700}
abbr{text-decoration:none}
.legend{display:flex;flex-wrap:wrap;gap:3px 16px;margin:6px 0 10px;padding:0;list-style:none;font-size:13px;color:var(--ink2)}
.swatch{display:inline-block;width:11px;height:11px;margin-right:6px;border-radius:2px;vertical-align:-1px}
.facts{margin:0;display:grid;gap:0}
.facts div{display:grid;grid-template-columns:150px minmax(0,1fr);gap:0 16px;padding:6px 0;border-bottom:1px solid var(--rule);font-size:13px}
.facts dt{color:var(--ink2)}.facts dd{margin:0;overflow-wrap:anywhere}
.rests{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:0 28px;margin:0;font-size:13px}
.rests .whole{grid-column:1/-1}.rests div{padding:6px 0 14px;border-top:1px solid var(--rule)}.rests dt{color:var(--ink2)}.rests dd{margin:0;overflow-wrap:anywhere}
.files{width:100%;font-size:13px}.files td{text-align:left}.files a{margin-right:12px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}
pre{margin:8px 0;padding:10px 12px;background:var(--faint);white-space:pre-wrap;overflow-wrap:anywhere}
details{margin:8px 0}summary{cursor:pointer;color:var(--ink2);font-size:13px}
footer{margin-top:46px;padding-top:10px;border-top:1px solid var(--rule);color:var(--ink2);font-size:12px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.declared{margin:0 0 18px;font-size:15px}
.declared strong{color:var(--trouble)}`;

const phoneRules = `
@media (max-width:760px){
body{padding:0 16px 40px}
h1{font-size:28px}h2{font-size:20px}
.figures,.figures.five{grid-template-columns:repeat(2,minmax(0,1fr))}.number{font-size:22px}
.two-up,.two-up.wide-left,.rests{grid-template-columns:minmax(0,1fr)}
.rests div{display:grid;grid-template-columns:92px minmax(0,1fr);gap:10px;padding:7px 0}
.facts div{grid-template-columns:minmax(0,1fr)}
.topline nav{display:none}
table{font-size:12.5px}th,td{padding:6px 6px 6px 0}thead th,td small,th small{font-size:11.5px}
.wordy td,.wordy th{overflow-wrap:anywhere}
}
@media screen and (max-width:760px){
.stack thead{display:none}.stack,.stack tbody,.stack tr,.stack td,.stack th{display:block;text-align:left;border:0;padding:0}
.stack tr{padding:8px 0;border-bottom:1px solid var(--rule)}
.stack td[data-head]::before{content:attr(data-head) " ";color:var(--ink2)}
.stack:not(.saw,.runs) tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 12px}
.stack:not(.saw,.runs) th[scope=row]{grid-column:1/-1}
}`;

const printRules = `
@page{size:A4;margin:13mm}
@media print{
body{max-width:none;padding:0;font-size:9pt;line-height:1.35}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.topline{padding:0 0 4px}.topline nav{display:none}
h1{max-width:none;font-size:17pt;margin:8px 0 4px}h2{font-size:12pt;margin-bottom:3px}h3{font-size:9.5pt;margin:10px 0 4px}
section{margin-top:9px}.sub,.lead{font-size:9.5pt;margin-bottom:5px}.note{font-size:8pt;margin:3px 0}
.figures{margin-top:6px;padding-top:4px}.number{font-size:14.5pt;line-height:1.15}.what,.beside{font-size:8pt;line-height:1.2}
table{font-size:8pt}th,td{padding:1.5px 7px 1.5px 0}.verdicts td,.policies td,.verdicts th,.policies th{line-height:1.2}thead th,td small,th small{font-size:7.7pt}
.stack,.stack thead th{font-size:7.2pt}.stack th,.stack td{padding:2px 5px 2px 0}
.legend,.rests,.facts div,.files{font-size:8pt}.rests div{padding:1px 0 2px}.rests{line-height:1.2}.verdicts .room{height:2px;margin-top:1px}.groups{break-inside:avoid}.groups.both thead th{height:29pt}
thead{display:table-header-group}tr,figure,.row,li,dl div,.keep{break-inside:avoid}
h2,h3,caption,.lead{break-after:avoid}
a{text-decoration:none}
details::details-content{content-visibility:visible;block-size:auto;display:block}
pre{font-size:7.7pt}
.newpage{break-before:page}
}`;

/**
 * The style sheet of all pages: system fonts, light and dark by the reader's setting, light on paper, one column on a phone.
 */
export const style: Markup = {
  markup: `
:root{color-scheme:light dark;${light}
--paper:var(--panel);--card:var(--panel);--soft:var(--ink2);--line:var(--rule);--accent:var(--detections)}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
${pageRules}${chartStyle}${phoneRules}${printRules}
`,
};
