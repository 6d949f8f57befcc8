// The editor of the preview: CodeMirror with our template markup, YAML, names to complete, problems.
// Bundled once into generator/preview/static/editor.js (make editor); users never build it.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorSelection, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const template = StreamLanguage.define({
  name: "template",
  startState: () => ({ inside: "" }),
  token(stream, state) {
    if (state.inside) return insideBraces(stream, state);
    if (stream.sol()) {
      if (stream.match(/^\s*:::[^\s\u3000]*/)) return "keyword";
      if (stream.match(/^\s*#{1,4}(?!#).*?(?=\{\{|\{%|$)/)) return "heading";
    }
    if (stream.match(/^[｛｝][｛｝%％]?|^[｛{][％]|^[％][｝}]/)) return "invalid";
    if (stream.match("{{")) return opening(state, "}}");
    if (stream.match("{%")) return opening(state, "%}");
    if (stream.match(/^\{#.*?#\}/)) return "comment";
    stream.next();
    stream.eatWhile(/[^{｛｝％]/);
    return null;
  },
  languageData: { closeBrackets: { brackets: [] } },
});

function opening(state, end) {
  state.inside = end;
  return "brace";
}

function insideBraces(stream, state) {
  if (stream.match(state.inside) || stream.match(`-${state.inside}`)) {
    state.inside = "";
    return "brace";
  }
  if (stream.eatSpace()) return null;
  if (stream.match(/^"[^"]*"|^'[^']*'/)) return "string";
  if (stream.match(/^(if|elif|else|endif|for|in|endfor|set|is|not|and|or)(?![\w\u4e00-\u9fff])/)) return "keyword";
  if (stream.match(/^\|\s*[\w\u4e00-\u9fff]+/)) return "typeName";
  if (stream.match(/^[\w\u4e00-\u9fff.]+/)) return "variableName";
  stream.next();
  return /[，（）“”｜。]/.test(stream.current()) ? "invalid" : null;
}

// Every colour has a contrast of at least 4.5 on white and on the active line.
const colours = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "bold", color: "#0b4a8f" },
  { tag: tags.keyword, color: "#8b1a63" },
  { tag: tags.brace, color: "#6a3d00", fontWeight: "bold" },
  { tag: tags.variableName, color: "#0b4a8f" },
  { tag: tags.typeName, color: "#1b5e20" },
  { tag: [tags.string, tags.content], color: "#1b5e20" },
  { tag: [tags.comment, tags.lineComment], color: "#545b62" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#8b1a63" },
  { tag: tags.invalid, color: "#b00020", textDecoration: "underline wavy" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "15px", backgroundColor: "#fff", color: "#1a1a1a" },
  ".cm-scroller": { fontFamily: "Consolas, 'Noto Sans Mono CJK SC', 'Microsoft YaHei', monospace", lineHeight: "1.7" },
  ".cm-gutters": { backgroundColor: "#f1f3f5", color: "#545b62", border: "0" },
  ".cm-activeLine": { backgroundColor: "#eef4fb" },
  ".cm-activeLineGutter": { backgroundColor: "#d6e4f5" },
});

const words = {
  "Find": "查找", "Replace": "替换为", "next": "下一个", "previous": "上一个", "all": "全选",
  "match case": "区分大小写", "by word": "整词", "regexp": "正则", "replace": "替换",
  "replace all": "全部替换", "close": "关闭", "Go to line": "到第几行", "go": "去",
  "No diagnostics": "没有问题", "Diagnostics": "问题", "Completions": "可用的名称",
  "current match": "当前这一处", "on line": "在第几行", "replaced match on line $": "已替换第 $ 行的一处",
  "replaced $ matches": "已替换 $ 处", "Control character": "控制字符", "Selection deleted": "已删除选中的文字",
};

// Names after {{ or {%, and the ways to print them after |.
function completions(context, names) {
  const before = context.state.sliceDoc(context.state.doc.lineAt(context.pos).from, context.pos);
  const open = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
  if (open < 0 || /\}\}|%\}/.test(before.slice(open))) return null;
  const word = context.matchBefore(/[\w\u4e00-\u9fff]*/);
  const groups = /\|\s*[\w\u4e00-\u9fff]*$/.test(before) ? ["写法"] : /\bis\s+(not\s+)?[\w\u4e00-\u9fff]*$/.test(before) ? ["判断"] : ["指标", "文字", "列表"];
  const options = names()
    .filter((group) => groups.includes(group.title))
    .flatMap((group) => group.names.map((name) => ({ label: name.name, detail: name.value, info: name.meaning })));
  return { from: word.from, options, validFor: /^[\w\u4e00-\u9fff]*$/ };
}

// The editor in `parent`: names() gives the groups of names, changed() is told of every edit.
export function createEditor({ parent, names, save, leave, changed, label }) {
  const editable = new Compartment();
  const language = new Compartment();
  const phrases = EditorState.phrases.of(words);
  const keys = [
    { key: "Mod-s", run: () => (save(), true), preventDefault: true },
    ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
    { key: "Escape", run: () => (leave(), true) },
  ];
  const extensions = [
    lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(), history(),
    lintGutter(), search({ top: true }), highlightSelectionMatches(), EditorView.lineWrapping,
    syntaxHighlighting(colours), look, phrases, keymap.of(keys),
    autocompletion({ override: [(context) => completions(context, names)], icons: false }),
    EditorView.contentAttributes.of({ "aria-label": label, lang: "zh-CN", spellcheck: "false", tabindex: "0" }),
    EditorView.updateListener.of((update) => update.docChanged && changed()),
  ];
  const view = new EditorView({ parent });

  return {
    view,
    state(text, path, readOnly) {
      return EditorState.create({
        doc: text,
        extensions: [
          extensions,
          language.of(path.endsWith(".yaml") ? yaml() : template),
          editable.of([EditorState.readOnly.of(readOnly)]),
        ],
      });
    },
    show(state) { view.setState(state); },
    current() { return view.state; },
    text() { return view.state.doc.toString(); },
    focus() { view.focus(); },
    find() { openSearchPanel(view); },
    goTo(line, column) {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const position = Math.min(at.from + Math.max(column - 1, 0), at.to);
      view.dispatch({ selection: EditorSelection.cursor(position), effects: EditorView.scrollIntoView(position, { y: "center" }) });
    },
    line() { return view.state.doc.lineAt(view.state.selection.main.head).number; },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    replaceAll(text) {
      const head = Math.min(view.state.selection.main.head, text.length);
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: head },
        annotations: isolateHistory.of("full"), // one undo brings back what was there
      });
    },
    mark(problems) {
      const lines = view.state.doc.lines;
      const diagnostics = problems.filter((problem) => problem.line > 0).map((problem) => {
        const line = view.state.doc.line(Math.min(problem.line, lines));
        const from = Math.min(line.from + Math.max(problem.column - 1, 0), line.to);
        const severity = problem.severity === "错误" ? "error" : "warning";
        return { from, to: line.to, severity, message: `${problem.message}${problem.hint ? `\n${problem.hint}` : ""}` };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics.sort((a, b) => a.from - b.from)));
    },
  };
}
