/**
 * The style sheet of the tear sheet: the tokens of static/app.css, by the colour
 * scheme of the reader's system, and light on paper.
 *
 * @module
 */

const LIGHT =
  `--canvas:#F5F7FA;--surface:#FFFFFF;--raised:#ECF0F5;--border:#D3DAE2;--control-border:#727E8B;` +
  `--text:#17202B;--text-muted:#4C5866;--accent:#5137C9;--up:#0A5FA8;--down:#A34A00;` +
  `--down-fill:#A34A0024;--ok:#0B665D;--warn:#7A4F00;--danger:#B3261E;--focus:#5137C9`;

const DARK =
  `--canvas:#0B0F14;--surface:#121820;--raised:#1A222C;--border:#2A3441;--control-border:#6B7B8D;` +
  `--text:#E6EDF3;--text-muted:#A3B1BF;--accent:#A99BFF;--up:#58B4F5;--down:#F59A4A;` +
  `--down-fill:#F59A4A2E;--ok:#3CCFBF;--warn:#E8BC4A;--danger:#FF8A84;--focus:#FFD166`;

/** The whole style sheet. It names no other file. */
export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*,*::before,*::after{box-sizing:border-box}
html{background:var(--canvas);color:var(--text);font:14px/20px system-ui,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%;text-size-adjust:100%;font-variant-numeric:tabular-nums}
body{margin:0 auto;max-width:1120px;padding:32px 24px 48px}
/* Text */
h1{margin:4px 0 2px;font-size:28px;line-height:36px;font-weight:600;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{margin:0 0 12px;font-size:18px;line-height:26px;font-weight:600}
p{margin:8px 0;max-width:88ch;text-wrap:pretty}
a{color:var(--accent)}
small{font-size:12px;font-weight:400;color:var(--text-muted)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
/* Boxes and the head of the sheet */
.verdict,.tiles,figure,.scroll,table.figures{background:var(--surface);border:1px solid var(--border);border-radius:8px}
.eyebrow{margin:0;color:var(--text-muted);font-size:12px;line-height:16px;font-weight:600;letter-spacing:.06em;text-transform:uppercase}
.about{margin:0;color:var(--text-muted);max-width:none}
.verdict{margin:20px 0 16px;padding:16px 20px;border-left:4px solid var(--accent)}
.verdict.up{border-left-color:var(--up);color:var(--text)}
.verdict.down{border-left-color:var(--down);color:var(--text)}
.verdict .result{margin:0;font-size:20px;line-height:28px;font-weight:600;color:var(--text)}
.verdict p.danger{color:var(--danger)}
.verdict ul{margin:8px 0;padding-left:20px;max-width:88ch}
.verdict .doubts li::marker{content:"▲  ";color:var(--warn);font-size:10px}
.verdict p.small{margin-bottom:0;color:var(--text-muted);font-size:13px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 16px;padding:0;list-style:none;font-size:13px}
nav a{display:inline-block;padding:3px 0}
/* Values */
section{margin-top:36px}
.note,.unit,figcaption .legend{color:var(--text-muted);font-size:13px;line-height:18px;font-weight:400}
.note{margin:-6px 0 12px}
.unknown{color:var(--text-muted);cursor:help}
.num{white-space:nowrap}
.up{color:var(--up)}
.down{color:var(--down)}
.ok{color:var(--ok)}
.danger{color:var(--danger)}
.arrow{margin-right:4px;font-size:.68em;vertical-align:.12em}
/* Key figures */
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:1px;margin:0;overflow:hidden;background:var(--border)}
.tile{padding:12px 16px;background:var(--surface);min-width:0}
.tile dt{color:var(--text-muted);font-size:12px;line-height:16px}
.tile dd{margin:2px 0 0;font-size:20px;line-height:28px;font-weight:600}
.tile dd.sub{margin:0;color:var(--text-muted);font-size:12px;line-height:16px;font-weight:400}
/* Drawings */
figure{margin:0 0 12px;padding:14px 20px 12px}
figcaption{margin-bottom:12px;font-weight:600}
figcaption .unit{margin-left:4px}
figcaption .legend{float:right}
.dash{display:inline-block;width:20px;margin-right:6px;vertical-align:4px;border-top:1px dashed var(--control-border)}
.plot{padding:4px 4px 24px 60px}
.plot.bars{padding-left:0}
.chart{display:block;overflow:visible}
.chart text{fill:var(--text-muted);font-size:12px}
.chart .mark{fill:var(--text);paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}
.chart .grid{stroke:var(--border);opacity:.6}
.chart .axis,.chart .level{stroke:var(--control-border)}
.chart .level{stroke-dasharray:4 4}
.chart .line{fill:none;stroke:var(--accent);stroke-width:1.75;stroke-linejoin:round}
.chart .area{fill:color-mix(in srgb,var(--accent) 10%,transparent)}
.chart.down .line{stroke:var(--down);stroke-width:1.25}
.chart.down .area{fill:var(--down-fill)}
.chart circle{fill:var(--down);stroke:var(--surface);stroke-width:1.5}
.chart .bar.up{fill:var(--up)}
.chart .bar.down{fill:var(--down)}
.chart .count{fill:var(--text)}
/* Tables */
.scroll{position:relative;margin:0 0 12px;overflow-x:auto}
.tall{max-height:520px;overflow-y:auto}
table{width:100%;border-collapse:collapse;font-size:13px;line-height:18px}
caption{padding:10px 14px 8px;text-align:left;font-weight:600}
th,td{padding:7px 14px;border-top:1px solid var(--border);text-align:right;font-weight:400;vertical-align:top}
thead th{border-top:0;color:var(--text-muted);font-size:12px;white-space:nowrap;vertical-align:bottom}
caption:not(.sr-only)+thead th{border-top:1px solid var(--border)}
.tall thead th{position:sticky;top:0;background:var(--surface);box-shadow:0 1px 0 var(--border)}
tbody th,th.text,td.text{text-align:left}
tbody th.num{text-align:right;color:var(--text-muted)}
tbody tr:first-child>*{border-top-color:var(--border)}
.nowrap{white-space:nowrap}
.reasons td{padding-top:0;border-top:0;color:var(--text-muted)}
.keep{position:sticky;left:14px;display:inline-block;max-width:min(980px,calc(100vw - 112px));white-space:normal}
.path{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;font-size:12px}
.month,.total{white-space:nowrap}
.month.up{background:color-mix(in srgb,var(--up) var(--tint),transparent);color:var(--text)}
.month.down{background:color-mix(in srgb,var(--down) var(--tint),transparent);color:var(--text)}
.outside{color:var(--text-muted)}
.total{font-weight:600;border-left:1px solid var(--border)}
.range{display:block}
.range .zero{stroke:var(--control-border);stroke-dasharray:2 2}
.range .span{stroke:var(--accent);stroke-width:6;stroke-linecap:round;opacity:.45}
.range .middle{stroke:var(--accent);stroke-width:2}
.range .actual{fill:var(--text);stroke:var(--surface)}
/* Tables of figures and settings */
.cards{display:grid;grid-template-columns:repeat(2,1fr);gap:12px;align-items:start}
table.figures{border-collapse:separate;border-spacing:0}
.figures caption{padding:0 0 6px 2px}
.figures th,.figures td{padding:5px 14px}
.figures tr:first-child>*{border-top:0}
.figures td{overflow-wrap:anywhere}
.figures th{color:var(--text-muted)}
.cards table{margin-bottom:8px}
.config{display:block;columns:2;column-gap:12px}
.config table{break-inside:avoid;margin-bottom:16px}
.origin td{text-align:left}
.origin th{width:220px}
.hash{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;font-size:12px}
footer{margin-top:40px;padding-top:16px;border-top:1px solid var(--border);color:var(--text-muted);font-size:13px}
@media screen and (max-width:760px){
body{padding:20px 16px 32px}
h1{font-size:24px;line-height:30px}
figure{padding:12px}
figcaption .legend{float:none;display:block}
th,td{padding:6px 10px}
.tiles{grid-template-columns:repeat(2,1fr)}
.tile{padding:10px 12px}
.tile dd,.verdict .result{font-size:17px;line-height:24px}
.cards{grid-template-columns:1fr}
.config{columns:1}
.plot{padding-left:52px}
.odd text:not(.count),.odd .grid{display:none}
.figures th,.figures td{padding:5px 10px}
.origin th{width:130px}
}
@media screen and (max-width:420px){.bars .count{font-size:10px}}
@media print{
@page{margin:14mm}
:root{color-scheme:light;${LIGHT};--canvas:#FFFFFF}
body{max-width:none;padding:0}
nav{display:none}
section{margin-top:24px}
h2{break-after:avoid}
figure,tr,.tiles,.verdict,.figures{break-inside:avoid}
thead{display:table-header-group}
th,td,.figures th,.figures td{padding:4px 8px;font-size:11px}
.scroll,.tall{max-height:none;overflow:visible}
.tall thead th,.keep{position:static;max-width:none}
.tall th,.tall td{padding:3px 4px;font-size:9.5px;line-height:14px}
.tile{padding:8px 10px}
.tile dd,.verdict .result{font-size:16px;line-height:22px}
.month,.chart,.range{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
