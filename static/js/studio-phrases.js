import { say } from "./words.js";

/** What CodeMirror itself says, in the page's language. */

const PHRASES = {
  Find: "editorFind",
  Replace: "editorReplace",
  next: "editorNext",
  previous: "editorPrevious",
  all: "editorAll",
  "match case": "editorMatchCase",
  "by word": "editorByWord",
  regexp: "editorRegexp",
  replace: "editorReplaceOne",
  "replace all": "editorReplaceAll",
  close: "editorClose",
  "Go to line": "editorGoToLine",
  go: "editorGo",
  "current match": "editorCurrentMatch",
  "on line": "editorOnLine",
  "replaced $ matches": "editorReplaced",
  "replaced match on line $": "editorReplacedOn",
  Completions: "editorCompletions",
  Diagnostics: "editorProblems",
  "No diagnostics": "editorNoProblems",
  "Control character": "editorControlCharacter",
};

/** @returns {Record<string, string>} */
export function phrases() {
  return Object.fromEntries(Object.entries(PHRASES).map(([phrase, key]) => [phrase, say(key)]));
}
