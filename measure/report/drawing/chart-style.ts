/** Rules of charts, lanes, maps and pictures. Text keeps its size where a chart shrinks: lengths along an axis are per cent. */
const charts = `
svg text{fill:var(--ink2);font-size:12px;font-family:inherit}
.row{display:grid;grid-template-columns:84px minmax(0,1fr) 190px;gap:0 14px;align-items:center;padding:3px 0;min-width:0}
.row.head{color:var(--ink2);font-size:12px}
.row svg{display:block;overflow:visible}
.row .name{font-weight:700;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row .value{text-align:right;white-space:nowrap;font-size:13px}
.row.bytes{grid-template-columns:78px minmax(0,1fr) minmax(0,1fr)}
.row.bytes .ends{display:flex;justify-content:space-between}
.row.dots{grid-template-columns:78px minmax(0,1fr)}
.row.energy{grid-template-columns:78px minmax(0,1fr) 92px}
.row.bullets{grid-template-columns:110px minmax(0,1fr) 66px}
.row.accuracy{grid-template-columns:150px minmax(0,1fr) 130px}
.row.accuracy .name{white-space:normal}
.row.accuracy small,.row .name small{display:block;font-weight:400;font-size:12px;color:var(--ink2)}
.row.lane{grid-template-columns:var(--name,112px) minmax(0,1fr) 82px;padding:0}.row.lane .name{font-size:12px}.row.lane .value{font-size:12px}
.plane-names{position:relative;display:block;align-self:start;font-size:11.5px;line-height:13px;color:var(--ink2)}.plane-names span{position:absolute;left:0;right:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row.lane.thin{grid-template-columns:112px minmax(0,1fr) 40px}
.row.station{grid-template-columns:minmax(0,1fr) 76px 62px;padding:1px 0;font-size:13px}.row.station .name{font-weight:400}
.row.station.heard .name{font-weight:700}
.row.two{grid-template-columns:84px minmax(0,3fr) minmax(0,2fr) 76px}
.row.spreads{grid-template-columns:104px 78px minmax(0,1fr) 78px 150px}
.row.spreads .low,.row.spreads .high{font-size:13px;color:var(--ink2)}.row.spreads .low{text-align:right}
.stations .row{grid-template-columns:132px minmax(0,1fr) 290px}
.ends{display:flex;justify-content:space-between;font-size:12px;color:var(--ink2)}
.at{position:relative;height:16px;font-size:12px;color:var(--ink2)}.at span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.at span:first-child.edge{transform:none}.at span.last{transform:translateX(-100%)}
.grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--ink2);stroke-width:1}
small.bad{color:var(--trouble)!important}
.mark{stroke:var(--ink2);stroke-width:1;stroke-dasharray:3 2}
.bar{background:var(--faint)}
.room{display:block;height:3px;margin-top:4px;background:var(--rule)}.room i{display:block;height:3px;background:var(--dark)}.bad .room i{background:var(--trouble)}
.dot{stroke:var(--panel);stroke-width:1.5}
.curve{fill:none;stroke-width:2.2;stroke-linejoin:round;vector-effect:non-scaling-stroke}
.plotbox{position:relative;margin:4px 0 22px 44px;height:270px}
.plotbox>svg{display:block;width:100%;height:100%;overflow:visible}
.plotbox .tick,.plotbox .named{position:absolute;font-size:12px;color:var(--ink2);white-space:nowrap}
.plotbox .tick.y{right:100%;margin-right:8px;transform:translateY(-50%)}
.plotbox .tick.x{top:100%;margin-top:4px;transform:translateX(-50%)}
.plotbox .named{font-weight:700;font-size:13px;background:var(--panel);padding:0 2px;transform:translateY(-50%)}
.plotbox .named.left{transform:translate(-100%,-50%)}
.trace{margin:16px 0 0}.trace svg{display:block;width:100%;height:auto;margin-top:4px}
.plot{display:block;width:100%;max-width:520px}
.under{display:block;margin-top:3px}
.marks{display:block;overflow:visible}
.lanes .axisline{border-top:1.5px solid var(--plan)}
figure{margin:0;min-width:0}`;

const maps = `
.map{position:relative;margin:10px 0 6px}
.map svg{display:block;width:100%;height:auto}
.map .lens{position:absolute;left:0;bottom:0;width:27.3%;background:var(--sea);outline:1px solid var(--ink2)}
:is(.map,.mapkey) .sea{fill:var(--sea);stroke:var(--plan)}:is(.map,.mapkey) .land{fill:var(--land)}
:is(.map,.mapkey) .track{fill:none;stroke:var(--ink2);stroke-width:.9}
:is(.map,.mapkey) .heard{fill:none;stroke:var(--detections);stroke-width:2.2}
:is(.map,.mapkey) .station{fill:var(--panel);stroke:var(--ink2);stroke-width:1}:is(.map,.mapkey) .station.hears{fill:var(--ink);stroke:var(--panel)}
:is(.map,.mapkey) .scene{fill:var(--detections);stroke:var(--panel);stroke-width:1.2}
:is(.map,.mapkey) .scene.later{fill:var(--panel);stroke:var(--detections);stroke-width:2.6}
:is(.map,.mapkey) .scene.never{fill:none;stroke:var(--trouble);stroke-width:2}
.map .frame{fill:none;stroke:var(--ink2);stroke-width:1}
.map text{paint-order:stroke;stroke:var(--sea);stroke-width:3px;stroke-linejoin:round;fill:var(--ink)}
.map text.port{fill:var(--detections);font-weight:700}.map .number-only{display:none}
.keyline{display:flex;flex-wrap:wrap;gap:3px 16px;font-size:13px;color:var(--ink2);margin:4px 0 12px}
.keyline svg{width:18px;height:12px;vertical-align:-1px;margin-right:5px}`;

const pictures = `
.scenes{display:flex;flex-wrap:wrap;gap:18px 12px;align-items:flex-start}
.scene{margin:0;min-width:0}.scene.large{flex:1 0 100%}
.scene.small{flex:1 1 var(--wide);max-width:calc(1.35*var(--wide))}
.scene svg{display:block;width:100%;height:auto;background:var(--faint)}.scene.small svg{max-height:230px}
.scene figcaption{padding-top:6px;font-size:13px;line-height:1.4}.scene figcaption small{display:block;color:var(--ink2);font-size:12px}
.box .casing{fill:none;stroke:#08131cb8;stroke-width:3.6;vector-effect:non-scaling-stroke}
.box .line{fill:none;stroke-width:1.7;vector-effect:non-scaling-stroke}
.box.found .line{stroke:#45d9c8}.box.missed .line{stroke:#ff9478;stroke-dasharray:4 3}.box.alarm .line{stroke:#ff9478}.box.plain .line{stroke:#45d9c8}
.scene text{fill:#fff;paint-order:stroke;stroke:#08131cd9;stroke-width:.28em;stroke-linejoin:round}
.scene .box.missed text,.scene .box.alarm text{fill:#ffb7a3}
.scale .under{stroke:#08131ccc;stroke-width:5;vector-effect:non-scaling-stroke}.scale .over{stroke:#fff;stroke-width:2.2;vector-effect:non-scaling-stroke}
svg .label{stroke:#ffe14d;stroke-dasharray:4 3}svg .onboard{stroke:#45d9c8}
figcaption .said{color:var(--ink2)}.trace figcaption{font-size:13px}`;

const phone = `
@media (max-width:760px){
.row,.row.two,.row.spreads,.stations .row{grid-template-columns:minmax(0,1fr) auto;gap:2px 10px;padding:6px 0}
.row .name{order:1}.row .value{order:2}.row>svg,.row>.ends,.row>.plotrow{order:3;grid-column:1/-1}
.row.head>span:empty{display:none}.row.spreads .low,.row.spreads .high{display:none}
.row.bytes{grid-template-columns:66px minmax(0,1fr);padding:3px 0}.row.bytes>*{order:0;grid-column:auto}.row.bytes>.whole{grid-column:2}
.row.dots,.row.energy,.row.bullets,.row.lane,.row.lane.thin,.row.station{padding:2px 0;gap:0 8px}
.row.dots>*,.row.energy>*,.row.bullets>*,.row.lane>*,.row.station>*{order:0;grid-column:auto}
.row.dots{grid-template-columns:66px minmax(0,1fr)}.row.energy{grid-template-columns:66px minmax(0,1fr) 74px}
.row.bullets{grid-template-columns:74px minmax(0,1fr) 52px}
.row.lane{grid-template-columns:min(var(--name,64px),76px) minmax(0,1fr) 66px;padding:0}.row.lane.thin{grid-template-columns:64px minmax(0,1fr) 30px}
.row.station{grid-template-columns:minmax(0,1fr) 76px 62px}
.row.accuracy{grid-template-columns:minmax(0,1fr) auto}.row.accuracy>.plotrow{grid-column:1/-1}
.row.head>span:empty,.row.lane.head>span:empty,.row.bytes.head>span:empty,.row.dots.head>span:empty{display:block}
.plotbox{height:230px}
.scene.small{flex:1 1 100%;max-width:100%}
}
@media screen and (max-width:760px){
.trace svg{overflow:visible}.trace svg text{font-size:28px}
.map .lens{position:static;width:100%;margin-top:8px}
.map .world text{font-size:34px;stroke-width:8px}.map .world text.place{display:none}.map .world .number-only{display:inline}
.map .world .scene{r:12px}.map .world .station{display:none}.map .world .station.hears{display:inline}
.scene.large text.named{display:none}
}
@media print{.plotbox{height:55mm}.row.accuracy{grid-template-columns:92px minmax(0,1fr) 96px}.row.accuracy small{font-size:7.7pt}.row.energy{grid-template-columns:66px minmax(0,1fr) 70px}.row.dots{grid-template-columns:66px minmax(0,1fr)}.row.bytes{grid-template-columns:66px minmax(0,1fr) minmax(0,1fr)}.row.bullets{grid-template-columns:78px minmax(0,1fr) 50px}.row .name{font-size:8.3pt}.row{padding:1px 0}.scene.small{flex:0 1 var(--wide);max-width:calc(1.1*var(--wide))}.row.lane .name,.row.lane .value{font-size:7.7pt}
.row.station{font-size:8pt}.row .value{font-size:8pt}.scene.large svg{width:auto;max-width:100%;max-height:120mm}}`;

/** The style sheet of all charts. */
export const chartStyle = `${charts}${maps}${pictures}${phone}`;
