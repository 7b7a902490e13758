/** How the panel looks. Nothing of the host's styles comes in, and nothing of these goes out. */

/** One pixel of an embedded font would be more than all of the rest: the host's Inter, or its system's. */
const css = `
:host {
  all: initial !important;
  display: block !important;
}
:host([hidden]) { display: none !important; }
.panel {
  --paper: #f7f6f2; --panel: #fffefb; --ink: #1d2126; --ink-2: #5b636d; --rule: #e4e1d8;
  --reading: #0072b2; --writing: #c8501a; --waiting: #d99a00; --deadlock: #b0306a;
  color-scheme: light;
  box-sizing: border-box;
  display: flex; flex-direction: column;
  color: var(--ink); background: var(--panel);
  border: 1px solid var(--rule); border-radius: 8px;
  font: 13px/1.45 'Inter Variable', Inter, system-ui, sans-serif;
  text-align: start; overflow: hidden;
}
.floating {
  position: fixed; z-index: 2147483647; inset: auto 8px 8px auto;
  width: min(460px, calc(100vw - 16px)); max-height: min(560px, calc(100vh - 16px));
  box-shadow: 0 6px 24px rgb(0 0 0 / 0.18);
}
.floating.collapsed { width: auto; }
.embedded { min-height: 200px; max-height: inherit; }
@media (prefers-color-scheme: dark) {
  .panel {
    --paper: #14171b; --panel: #1b1f25; --ink: #eceae4; --ink-2: #a3abb4; --rule: #2a3038;
    --reading: #4aa8e0; --writing: #f0834a; --waiting: #f0bb3c; --deadlock: #e879ac;
    color-scheme: dark;
  }
}
.panel * { box-sizing: border-box; }
.panel [hidden] { display: none !important; }
.body { display: flex; flex-direction: column; min-height: 0; flex: 1; }
header { display: flex; align-items: center; gap: 4px; padding: 4px; background: var(--paper); border-bottom: 1px solid var(--rule); }
.collapsed header { border-bottom: 0; }
button, input { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 5px; margin: 0; padding: 4px 8px; min-height: 28px; }
button { cursor: pointer; }
button:hover { background: var(--rule); }
:focus-visible { outline: 2px solid var(--reading); outline-offset: -2px; }
.grip { flex: 1; min-width: 0; display: flex; gap: 8px; align-items: baseline; text-align: start; cursor: grab; touch-action: none; user-select: none; }
.grip:active { cursor: grabbing; }
.embedded .grip { cursor: default; padding: 4px 8px; }
.grip strong { font-weight: 600; }
.grip span { color: var(--ink-2); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.icon { width: 28px; padding: 0; text-align: center; }
[role='tablist'] { display: flex; gap: 2px; padding: 4px 4px 0; border-bottom: 1px solid var(--rule); }
[role='tab'] { border-radius: 5px 5px 0 0; border-bottom: 2px solid transparent; color: var(--ink-2); }
[role='tab'][aria-selected='true'] { color: var(--ink); border-bottom-color: var(--ink); font-weight: 600; }
[role='tab'].urgent { color: var(--deadlock); }
[role='tabpanel'] { overflow: auto; padding: 8px; min-height: 120px; flex: 1; }
.bar-line { display: flex; gap: 4px; margin-bottom: 8px; position: sticky; top: -8px; background: var(--panel); padding: 2px 0; }
::placeholder { color: var(--ink-2); opacity: 1; }
input { flex: 1; min-width: 0; border-color: var(--ink-2); background: var(--panel); }
.bar-line button { border-color: var(--rule); }
[aria-pressed='true'] { background: var(--ink); color: var(--panel); }
[aria-pressed='true']:hover { background: var(--ink); }
p { margin: 4px 0; color: var(--ink-2); }
ul, ol { list-style: none; margin: 0; padding: 0; }
.lock { border-bottom: 1px solid var(--rule); padding: 2px 0; }
.lock > button { width: 100%; display: flex; gap: 8px; align-items: baseline; text-align: start; padding: 4px; }
.lock > button::before { content: '+' / ''; width: 10px; color: var(--ink-2); font-family: 'JetBrains Mono Variable', 'JetBrains Mono', monospace; }
.lock > button[aria-expanded='true']::before { content: '–' / ''; }
.name { font-family: 'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace; font-weight: 600; overflow-wrap: anywhere; flex: 1; min-width: 0; }
.count, .since { color: var(--ink-2); font-variant-numeric: tabular-nums; white-space: nowrap; }
.mark { color: var(--panel); background: var(--deadlock); border-radius: 4px; padding: 0 5px; white-space: nowrap; }
.party { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: baseline; padding: 2px 4px 2px 22px; }
.party .swatch { align-self: center; width: 14px; height: 8px; border-radius: 2px; flex: none; background: var(--reading); }
.party.exclusive .swatch { height: 14px; background: var(--writing); }
.party.waits .swatch { height: 8px; background: repeating-linear-gradient(45deg, var(--waiting) 0 2px, transparent 2px 4px); outline: 1px solid var(--waiting); outline-offset: -1px; }
.task { overflow-wrap: anywhere; }
.where { color: var(--ink-2); overflow-wrap: anywhere; flex: 1; min-width: 0; }
.late .since { color: var(--deadlock); font-weight: 600; }
.site { flex-basis: 100%; color: var(--ink-2); font-size: 11px; overflow-wrap: anywhere; }
.log li { display: flex; gap: 8px; padding: 1px 0; font: 11.5px/1.5 'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace; }
.log time { color: var(--ink-2); flex: none; }
.log span { overflow-wrap: anywhere; }
.log .warned span { color: var(--deadlock); }
.log .gap span { color: var(--ink-2); font-style: italic; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; color: var(--ink-2); padding-bottom: 6px; }
th, td { text-align: end; padding: 3px 6px; border-bottom: 1px solid var(--rule); font-variant-numeric: tabular-nums; font-weight: 400; }
thead th { color: var(--ink-2); }
th:first-child { text-align: start; overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) {
  button { transition: background-color 0.12s; }
}
`

/** Sheets that are made here need no leave of the page's security policy, as style elements do. */
export function addStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
  } catch {
    const style = document.createElement('style')
    style.textContent = css
    root.append(style)
  }
}
