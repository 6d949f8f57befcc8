"""The look and the filters of the HTML report, as they are put into the page."""

STYLE = """
:root { color-scheme: light dark; --line: #767676; --old: #8b1a1a; --new: #0b5a2a; }
@media (prefers-color-scheme: dark) { :root { --old: #ffb3b3; --new: #9be7b4; } }
body { font: 16px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 0; }
main { max-width: 80rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
.sides dt { float: left; clear: left; width: 2rem; font-weight: bold; } .sides dd { margin-left: 2.5rem; }
#filters { position: sticky; top: 0; background: Canvas; border: 1px solid var(--line);
  padding: .5rem 1rem; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; }
#filters fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
#filters legend { float: left; margin-right: 1rem; padding: 0; }
#filters p { margin: 0; }
input, select { font: inherit; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
tbody th { font-weight: normal; } .number { text-align: right; white-space: nowrap; }
td p { margin: 0 0 .5rem; } .details { margin: 0; padding-left: 1.2rem; font-size: .9rem; }
details, .under { font-size: .9rem; } .under th { padding-left: 1.7rem; }
.under details { display: inline-block; margin-left: 1rem; vertical-align: top; } .kind { white-space: nowrap; }
#summary + .wide .details { padding: 0; } #summary + .wide .details li { display: inline; }
#summary + .wide .details li:not(:last-child)::after { content: "；"; }
main:not(.filtered) .of { position: absolute; clip-path: inset(50%); white-space: nowrap; }
del { color: var(--old); text-decoration: line-through; } ins { color: var(--new); text-decoration: underline; }
:focus-visible { outline: 3px solid #0a58ca; outline-offset: 2px; }
[hidden] { display: none !important; }
@media print { #filters { display: none; } details > * { display: block; }
  details::details-content { content-visibility: visible; } }
"""

SCRIPT = """
"use strict";
const form = document.getElementById("filters");
const status = document.getElementById("shown");
const entries = Array.from(document.querySelectorAll("[data-kind]"));
function filter(event) {
  const layers = new Set(Array.from(form.querySelectorAll("[name=layer]:checked"), box => box.value));
  const kind = form.elements.kind.value;
  const words = form.elements.words.value.trim().toLowerCase().split(/\\s+/).filter(Boolean);
  const bare = form.elements.derived.checked;
  let shown = 0;
  for (const section of document.querySelectorAll("section[data-layer]")) {
    section.hidden = !layers.has(section.dataset.layer);
  }
  for (const entry of entries) {
    const text = entry.textContent.toLowerCase();
    entry.hidden = (kind !== "" && entry.dataset.kind !== kind)
      || (bare && "derived" in entry.dataset)
      || !words.every(word => text.includes(word));
    if (!entry.hidden && !entry.closest("section").hidden) shown += 1;
  }
  const folded = event?.target.name === "words" ? document.querySelectorAll(".alike") : [];
  for (const list of folded) {
    list.open = words.length > 0 && list.querySelector("[data-kind]:not([hidden])") !== null;
  }
  form.parentElement.classList.toggle("filtered", words.length > 0 || kind !== "");
  status.textContent = "显示 " + shown + " 条，共 " + entries.length + " 条";
}
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
filter();
"""
