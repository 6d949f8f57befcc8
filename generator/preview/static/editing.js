// The editor pane: open a line, save, undo, insert names; nothing typed is ever lost.
import { createEditor } from "./editor.js";
import { ask, element, send } from "./server.js";

const by = (id) => document.getElementById(id);

export function createEditing({ tell, leave, opened }) {
  // Path -> {source, state}: files keep their unsaved text while another is shown.
  const files = new Map();
  let path = "";
  let groups = [];
  let problems = [];
  const pane = by("editor");
  const editor = createEditor({
    parent: pane, names: () => groups, save, leave, label: "编辑框", changed: () => showState(),
  });

  by("save").onclick = save;
  by("undo").onclick = undo;
  by("find").onclick = () => editor.find();
  by("insert").onclick = () => toggleNames(by("names").hidden);
  by("filter").oninput = showNames;
  by("names").addEventListener("keydown", (event) => {
    if (event.key === "Escape") { toggleNames(false); editor.focus(); }
  });
  addEventListener("beforeunload", (event) => {
    keep();
    if ([...files.values()].some(isChanged)) event.preventDefault();
  });

  const isChanged = (file) => file.state.doc.toString() !== file.source.text;
  const keep = () => path && (files.get(path).state = editor.current());

  // Opens `file:line` in the editor; what was unsaved there comes back.
  async function open(place, column = 1) {
    const [, name, line] = place.match(/^(.*?)(?::(\d+))?$/);
    const { status, body } = await ask("/source", { path: name });
    if (status !== 200) return tell(`${name}：${body.message}`);
    keep();
    const known = files.get(name);
    if (!known || !isChanged(known)) {
      if (known && known.source.version === body.version) known.source = body;
      else files.set(name, { source: body, state: editor.state(body.text, name, body.read_only) });
    }
    path = name;
    pane.hidden = false;
    by("conflict").hidden = true;
    editor.show(files.get(name).state);
    editor.goTo(Number(line ?? 1), column);
    editor.mark(problems.filter((problem) => problem.file === path));
    showState();
    opened(place);
    editor.focus();
  }

  function showState() {
    if (!path) return;
    const { source } = files.get(path);
    const changed = editor.text() !== source.text;
    by("file").textContent = `${path}:${editor.line()}${source.read_only ? "（只读：已公布的数）" : ""}`;
    by("file").classList.toggle("unsaved", changed);
    by("save").disabled = !changed;
    by("undo").disabled = !source.undoable || changed;
    by("find").disabled = false;
    by("insert").disabled = source.read_only;
  }

  async function save() {
    if (!path) return;
    await write("/save", { path, text: editor.text(), version: files.get(path).source.version }, "已保存");
  }

  async function undo() {
    await write("/undo", { path, version: files.get(path).source.version }, "已撤销上次保存");
  }

  async function write(where, values, done) {
    const { status, body } = await send(where, values);
    if (body.current) return showConflict(body);
    if (status !== 200) return tell(body.message);
    const file = files.get(values.path);
    const typed = values.text ?? file.source.text;
    file.source = body;
    // Typing may have gone on while the file was saved: only the text that was sent is replaced.
    if (path === values.path && editor.text() === typed && typed !== body.text) editor.replaceAll(body.text);
    by("conflict").hidden = true;
    showState();
    return tell(done);
  }

  // Somebody else saved first: both texts are kept, and a person chooses.
  function showConflict({ message, current }) {
    const file = files.get(current.path);
    const theirs = element("button", { type: "button", onclick: () => {
      file.source = current;
      editor.replaceAll(current.text);
      settled("已换成对方的文字；按 Ctrl+Z 可以找回您的");
    } }, "用对方的文字");
    const mine = element("button", { type: "button", onclick: () => {
      file.source = current;
      settled("");
      save();
    } }, "仍用我的文字保存");
    const text = element("pre", { tabIndex: 0 }, difference(current.text, editor.text()));
    text.setAttribute("aria-label", "对方改过的行");
    by("conflict").replaceChildren(element("p", {}, message), element("p", {}, "对方改过的行："), text, theirs, " ", mine);
    by("conflict").hidden = false;
    theirs.focus();
  }

  function settled(words) {
    by("conflict").hidden = true;
    showState();
    if (words) tell(words);
    editor.focus();
  }

  // Files that changed outside and have no unsaved text follow the disk.
  async function follow() {
    if (!path) return;
    const asked = path;
    const { status, body } = await ask("/source", { path });
    const file = files.get(asked);
    if (status !== 200 || path !== asked || body.version === file.source.version) return;
    if (editor.text() !== file.source.text) return tell("这个文件刚在别处改过；您的改动还没有保存");
    file.source = body;
    editor.replaceAll(body.text);
    showState();
  }

  async function toggleNames(shown) {
    by("names").hidden = !shown;
    by("insert").setAttribute("aria-expanded", String(shown));
    if (!shown) return;
    await fetchNames();
    by("filter").focus();
  }

  async function fetchNames() {
    const { status, body } = await ask("/names");
    if (status === 200) groups = body;
    showNames();
  }

  function showNames() {
    const wanted = by("filter").value.trim();
    const parts = [];
    for (const group of groups) {
      const found = group.names.filter((name) => `${name.name}${name.value}${name.meaning}`.includes(wanted));
      if (!found.length) continue;
      parts.push(element("h3", {}, group.title), element("ul", {}, ...found.map(nameItem)));
    }
    by("name-list").replaceChildren(...(parts.length ? parts : [element("p", {}, "没有这样的名称。")]));
  }

  function nameItem(name) {
    const insert = () => editor.insert(path.endsWith(".txt") ? name.insert : name.name);
    const prior = name.prior ? `（上年 ${name.prior}）` : "";
    return element(
      "li", {},
      element("button", { type: "button", title: "插入到编辑框", onclick: insert }, name.name),
      element("span", { className: "value" }, name.value + prior),
      element("span", { className: "meaning" }, name.meaning),
    );
  }

  return {
    open,
    async refresh(state) {
      problems = state.problems;
      if (path) editor.mark(problems.filter((problem) => problem.file === path));
      await follow();
      if (state.current) await fetchNames();
    },
  };
}

// The lines of one text that the other does not have.
function difference(theirs, mine) {
  const known = new Set(mine.split("\n"));
  const lines = theirs.split("\n").flatMap((line, at) => (known.has(line) ? [] : [`${at + 1}: ${line}`]));
  return lines.join("\n") || "（对方只删了行）";
}
