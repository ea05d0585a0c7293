"""How pages look: by the system's wish in light or dark, in one column where there is no room."""

STYLE = """\
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --faint: #59636e;
  --line: #c5ccd3; --box: #f4f6f8; --hot: #0b62c4; --wash: #dbeafe; --less: #b3440a; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e6e9ec; --faint: #a0a9b2;
  --line: #434b54; --box: #20252a; --hot: #7db7ff; --wash: #173252; --less: #ffa36b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 12px; max-width: 1180px; background: var(--paper);
  color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.25rem; margin: 0 0 4px; }
h2 { font-size: 1rem; margin: 0; }
p { margin: 4px 0; }
a { color: var(--hot); }
.faint { color: var(--faint); font-size: 0.875rem; overflow-wrap: anywhere; }
nav { position: sticky; top: 0; background: var(--paper); padding: 8px 0; z-index: 1;
  display: flex; flex-wrap: wrap; gap: 6px; align-items: center;
  border-bottom: 1px solid var(--line); }
button { font: inherit; min-width: 44px; min-height: 40px; padding: 2px 10px; cursor: pointer;
  color: var(--ink); background: var(--box); border: 1px solid var(--line); border-radius: 8px; }
button:disabled { color: var(--faint); opacity: 0.5; cursor: default; }
button:focus-visible, a:focus-visible, li:focus-visible { outline: 3px solid var(--hot); }
main { display: grid; gap: 12px; margin-top: 12px; grid-template-columns: minmax(0, 1fr);
  align-items: start; }
@media (min-width: 900px) { main { grid-template: "net text" auto "course text" 1fr
  / minmax(0, 5fr) minmax(0, 4fr); }
  #net { grid-area: net; } #text { grid-area: text; } #course { grid-area: course; } }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; }
#network text { fill: var(--ink); font-size: 12px; }
#network .head { text-anchor: middle; fill: var(--faint); }
#network .name { font-weight: 600; }
#network rect { fill: var(--box); stroke: var(--line); stroke-width: 1.5; }
#network line { stroke: var(--line); stroke-width: 1.5; }
#network line.wide { stroke: transparent; stroke-width: 16; }
#network .edge text { text-anchor: middle; paint-order: stroke; stroke: var(--paper);
  stroke-width: 4px; }
#network .number, li, #losses, .value { font-variant-numeric: tabular-nums; }
#network .crowded text { display: none; }
#network .crowded:hover text, #network .crowded:focus text, #network .crowded.hot text {
  display: inline; }
#network g { outline: none; }
#network .now rect { stroke: var(--hot); stroke-width: 3; fill: var(--wash); }
#network .now line:not(.wide) { stroke: var(--hot); stroke-width: 3; }
#network .fresh { fill: var(--hot); font-weight: 600; }
#network g:focus-visible rect, #network g:hover rect, #network .hot rect {
  stroke: var(--less); stroke-width: 3; }
#network g:focus-visible line:not(.wide), #network g:hover line:not(.wide),
#network .hot line:not(.wide) { stroke: var(--less); stroke-width: 3; }
#losses { max-width: 420px; }
#losses polyline { fill: none; stroke: var(--faint); stroke-width: 1.5; }
#losses .mark { fill: var(--faint); }
#losses .now { fill: var(--hot); r: 5px; }
section { border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; min-width: 0; }
section + section { margin-top: 12px; }
code, li, #sums p { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: 0.8125rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 6px 0 0; padding: 0; }
li { padding: 2px 4px; border-radius: 4px; }
li:hover { background: var(--wash); }
#region { max-width: 320px; margin-top: 8px; }
#region text { fill: var(--faint); font-size: 12px; }
#region .cell { fill: var(--hot); shape-rendering: crispEdges; }
#region .frame { fill: none; stroke: var(--line); }
#region circle { fill: var(--paper); stroke: var(--less); stroke-width: 3; }
kbd { font: inherit; border: 1px solid var(--line); border-radius: 4px; padding: 0 4px; }
"""
