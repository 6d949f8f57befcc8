// The page of the preview: listens for changes and joins the document, the panels and the editor.
import { createEditing } from "./editing.js";
import { createPages } from "./pages.js";
import { createFigurePanel, showProblems } from "./panels.js";
import { addressOf, ask, listen } from "./server.js";

const by = (id) => document.getElementById(id);
const bar = document.querySelector(".bar");

function tell(words) {
  by("status").textContent = words;
}

const editing = createEditing({
  tell,
  leave: () => pages.focusOpened(),
  opened: (place) => pages.opened(place),
});
const pages = createPages(by("pages"), {
  open: editing.open,
  explain: createFigurePanel(by("figure"), by("figure-title"), editing.open),
  leave: () => by("problems").focus(),
});

let shown = -1;
async function refresh() {
  const { status, body } = await ask("/state");
  if (status !== 200) return lost(body.message);
  if (body.number < shown) return undefined; // overtaken by a later answer
  bar.classList.toggle("failing", !body.current);
  if (body.number === shown) return tell(summary(body));
  shown = body.number;
  if (body.html) pages.show(body.html);
  by("title").textContent = body.title || "预览";
  document.title = body.title ? `预览：${body.title}` : "预览";
  by("draft").hidden = !body.draft;
  by("download").disabled = !body.html;
  showProblems(by("problems"), by("problems-title"), body, editing.open);
  document.documentElement.dataset.number = body.number;
  await editing.refresh(body);
  return tell(summary(body));
}

function summary(state) {
  const time = new Date().toLocaleTimeString("zh-CN");
  if (state.current) return `${time} 已更新`;
  const errors = state.problems.filter((problem) => problem.severity === "错误").length;
  const kept = state.html ? "，下面是上一次成功的文稿" : "";
  return state.failure ? `程序出错${kept}` : `有 ${errors} 处要改${kept}`;
}

function lost(words = "与预览断开了，正在重新连接…") {
  bar.classList.add("failing");
  tell(words);
}

by("download").onclick = () => {
  location.href = addressOf("/word");
};
listen(refresh, () => lost());
