// Beside the document: what is wrong, and where a figure comes from.
import { ask, element } from "./server.js";

export function placeButton(place, open, column = 1) {
  return element("button", { type: "button", className: "place", onclick: () => open(place, column) }, place);
}

// Errors first; a place opens its file.
export function showProblems(pane, heading, state, open) {
  const order = ["错误", "待填", "警告", "尾差"];
  const rank = (problem) => order.indexOf(problem.severity);
  const problems = [...state.problems].sort((a, b) => rank(a) - rank(b));
  heading.textContent = problems.length ? `问题（${problems.length}）` : "问题：没有";
  const items = problems.map((problem) => item(problem, open));
  if (state.failure) items.unshift(element("li", { className: "problem error" }, state.failure));
  pane.replaceChildren(...(items.length ? [element("ul", {}, ...items)] : []));
}

function item(problem, open) {
  const place = problem.line ? `${problem.file}:${problem.line}` : problem.file;
  const made = element(
    "li",
    { className: problem.severity === "错误" ? "problem error" : "problem" },
    element("span", { className: "severity" }, problem.severity), " ",
    placeButton(place, open, problem.column), " ",
    problem.message,
  );
  if (problem.hint) made.append(element("p", { className: "hint" }, `→ ${problem.hint}`));
  return made;
}

// Asks for a figure and shows it, unless another has been asked for meanwhile.
export function createFigurePanel(pane, heading, open) {
  let wanted = "";
  return async (name) => {
    if (name === wanted) return;
    wanted = name;
    const { status, body } = await ask("/figure", { name });
    if (name !== wanted) return;
    if (status !== 200) {
      heading.textContent = "这个数的来历";
      pane.replaceChildren(element("p", {}, body.message));
      wanted = "";
      return;
    }
    heading.textContent = `这个数的来历：${name}`;
    pane.replaceChildren(...figure(body, open));
    pane.scrollTop = 0;
  };
}

function figure(body, open) {
  const { tree } = body;
  const rows = [
    ["今年", value(tree)],
    ["上年", [body.prior || "没有可比的数", body.prior_place ? " " : "", ...place(body.prior_place, open)]],
    ["增减", [body.change]],
    ["含义", [tree.meaning]],
    ["算法", [tree.formula]],
    ["依据", [body.basis]],
  ].filter(([, content]) => content.some((part) => part));
  const list = element("dl", {});
  for (const [term, content] of rows) list.append(element("dt", {}, term), element("dd", {}, ...content));
  return [list, ...sources(tree, open)];
}

function value(node) {
  const exact = node.exact ? `（${node.exact}）` : "";
  return [element("span", { className: "value" }, node.value), exact];
}

function place(where, open) {
  return where ? [placeButton(where, open)] : [];
}

// The data lines of a node and, inside, the figures it is computed from.
function sources(node, open) {
  const parts = [];
  if (node.lines.length) {
    const lines = node.lines.map((line) => element("li", {}, placeButton(line.place, open), ` ${line.text}`));
    if (node.more) lines.push(element("li", {}, `还有 ${node.more} 行`));
    parts.push(element("p", {}, "明细行："), element("ul", { className: "lines" }, ...lines));
  } else if (node.empty) parts.push(element("p", {}, "没有符合条件的明细行。"));
  if (node.children.length) {
    const children = node.children.map((child) => element(
      "li", {}, `${child.name} = `, ...value(child), " ", ...place(child.place, open),
      element("p", {}, child.formula), ...sources(child, open),
    ));
    parts.push(element("ul", {}, ...children));
  }
  return parts;
}
