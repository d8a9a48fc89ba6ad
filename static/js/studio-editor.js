import { autocompletion, completionKeymap } from "../vendor/modules/codemirror-autocomplete.js";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "../vendor/modules/codemirror-commands.js";
import { yaml } from "../vendor/modules/codemirror-lang-yaml.js";
import {
  HighlightStyle,
  Language,
  defineLanguageFacet,
  syntaxHighlighting,
} from "../vendor/modules/codemirror-language.js";
import { lintGutter, setDiagnostics } from "../vendor/modules/codemirror-lint.js";
import { searchKeymap } from "../vendor/modules/codemirror-search.js";
import { EditorState } from "../vendor/modules/codemirror-state.js";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "../vendor/modules/codemirror-view.js";
import { tags } from "../vendor/modules/lezer-highlight.js";
import { parser as markdownParser } from "../vendor/modules/lezer-markdown.js";
import { completeFromSchema } from "./studio-completion.js";
import { phrases } from "./studio-phrases.js";
import { styleByScript } from "./terminal-styles.js";

/** CodeMirror in the place of a textarea, which goes on being what the form sends. */

/**
 * @typedef {object} Problem
 * @property {number} line from 1
 * @property {number} column from 1
 * @property {string} words
 * @property {"error" | "warning"} severity
 *
 * @typedef {object} Editor
 * @property {() => string} text
 * @property {() => boolean} composing whether a character is being composed
 * @property {(text: string) => void} replace
 * @property {(problems: Problem[]) => void} mark beside their lines
 * @property {() => void} focus
 */

// CodeMirror writes style elements, as xterm.js does.
styleByScript();

const COLOURS = HighlightStyle.define([
  { tag: [tags.heading, tags.strong], fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], textDecoration: "underline" },
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--moss)" },
  { tag: [tags.string, tags.monospace], color: "var(--rust)" },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: "var(--ink-soft)" },
]);

const LOOK = EditorView.theme({
  "&": {
    height: "100%",
    border: "1px solid var(--edge)",
    borderRadius: "3px",
    backgroundColor: "var(--paper-raised)",
    color: "var(--ink)",
    fontSize: "0.875rem",
  },
  "&.cm-focused": { outline: "2px solid var(--moss)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--paper-sunk)",
    color: "var(--ink-soft)",
    borderRight: "1px solid var(--rule)",
  },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--moss-wash)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--moss) 30%, transparent)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--rust-wash)" },
  ".cm-panels, .cm-tooltip": {
    backgroundColor: "var(--paper-raised)",
    color: "var(--ink)",
    border: "1px solid var(--edge)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--moss)",
    color: "var(--on-moss)",
  },
  ".cm-completionDetail": { color: "inherit" },
  ".cm-button, .cm-textfield": {
    background: "var(--paper)",
    color: "inherit",
    border: "1px solid var(--edge)",
  },
  ".cm-diagnostic": { fontFamily: "var(--sans)", borderLeftColor: "var(--rust)" },
  // Its own marks are pictures that the site's Content-Security-Policy does not let in.
  ".cm-lintRange-error, .cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--rust)",
  },
  ".cm-lint-marker.cm-lint-marker-error, .cm-lint-marker.cm-lint-marker-warning": {
    content: "normal",
    lineHeight: "1.6",
    color: "var(--rust)",
  },
  ".cm-lint-marker-error::before": { content: "'✕'" },
  ".cm-lint-marker-warning::before": { content: "'!'" },
});

const MARKDOWN = new Language(defineLanguageFacet(), markdownParser, [], "markdown");

/**
 * @param {HTMLTextAreaElement} area
 * @param {() => void} changed
 * @returns {Editor}
 */
export function makeEditor(area, changed) {
  const isYaml = area.dataset.mode === "yaml";
  /** @type {Problem[] | null} what could not be shown while a character was composed */
  let waiting = null;
  const view = new EditorView({
    state: EditorState.create({ doc: area.value, extensions: extensions(area, isYaml, changed) }),
  });
  area.hidden = true;
  area.before(view.dom);
  area.form?.addEventListener("formdata", (event) => event.formData.set("text", text()));
  view.dom.addEventListener("compositionend", () => setTimeout(() => waiting && mark(waiting)));
  mark(JSON.parse(area.dataset.problems || "[]"));

  /** @param {Problem[]} problems */
  function mark(problems) {
    waiting = view.composing ? problems : null;
    if (!waiting) view.dispatch(setDiagnostics(view.state, problems.map((one) => placed(view.state, one))));
  }

  function text() {
    return view.state.doc.toString();
  }

  return {
    text,
    composing: () => view.compositionStarted,
    replace: (whole) =>
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: whole } }),
    mark,
    focus: () => view.focus(),
  };
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {boolean} isYaml
 * @param {() => void} changed
 */
function extensions(area, isYaml, changed) {
  const schema = area.dataset.schema ?? "";
  const named = { "aria-labelledby": area.getAttribute("aria-labelledby") ?? "", tabindex: "0" };
  return [
    lineNumbers(),
    lintGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorState.phrases.of(phrases()),
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ ...named, ...(area.lang ? { lang: area.lang } : {}) }),
    isYaml ? yaml() : MARKDOWN.extension,
    syntaxHighlighting(COLOURS),
    isYaml && schema ? autocompletion({ override: [completeFromSchema(schema)] }) : [],
    keymap.of([...completionKeymap, ...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
    leavesByTab(),
    LOOK,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed();
    }),
  ];
}

/** Esc, then Tab leaves the text, however long a person takes in between. */
function leavesByTab() {
  return EditorView.domEventHandlers({
    keydown(event, view) {
      if (event.key === "Escape") view.setTabFocusMode(true);
      else if (!["Tab", "Shift"].includes(event.key)) view.setTabFocusMode(false);
    },
    blur: (_event, view) => view.setTabFocusMode(false),
  });
}

/**
 * @param {EditorState} state
 * @param {Problem} problem
 */
function placed(state, problem) {
  const line = state.doc.line(Math.min(Math.max(problem.line, 1), state.doc.lines));
  const from = Math.min(line.from + problem.column - 1, line.to);
  const message = problem.words;
  return { from, to: line.to, severity: problem.severity, message, renderMessage: () => withCode(message) };
}

/**
 * What stands in backticks as code, as in the list below the texts.
 * @param {string} words
 */
function withCode(words) {
  const sentence = document.createElement("span");
  words.split(/`([^`\n]+)`/).forEach((text, index) => {
    const piece = index % 2 ? document.createElement("code") : document.createTextNode("");
    piece.textContent = text;
    sentence.append(piece);
  });
  return sentence;
}
