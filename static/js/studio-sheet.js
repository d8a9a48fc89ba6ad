import { Copy } from "./studio-copy.js";
import { makeEditor } from "./studio-editor.js";
import { Saving } from "./studio-saving.js";
import { announce, say } from "./words.js";

/** One file of a draft: its editor, how saving it goes, and what it looks like. */

/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: "2-digit", minute: "2-digit" };
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { dateStyle: "short", timeStyle: "short" };

export class Sheet {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.form = /** @type {HTMLFormElement} */ (section.querySelector("form"));
    this.state = this.part(".sheet-state");
    this.preview = section.querySelector(".sheet-preview");
    this.told = "";
    const area = /** @type {HTMLTextAreaElement} */ (this.form.elements.namedItem("text"));
    this.editor = makeEditor(area, () => this.changed());
    this.copy = new Copy(this.form.dataset.author ?? "", this.form.dataset.file ?? "");
    this.saving = new Saving(this.form, {
      text: () => this.editor.text(),
      busy: () => this.editor.composing(),
      shown: (state, why) => this.show(state, why),
      saved: (answer) => this.saved(answer),
    });
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.form.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.saving.isChanged && !this.kept) event.preventDefault();
    });
    window.addEventListener("pagehide", () => this.saving.save());
    this.kept = true;
    /** When the site saved what it has. */
    this.savedAt = new Date(this.state.dataset.saved ?? Date.now());
    if (this.state.dataset.saved) this.show("saved", "");
    if (this.saving.isChanged) this.kept = this.copy.keep(this.editor.text());
    else this.offer();
  }

  changed() {
    this.kept = this.copy.keep(this.editor.text());
    this.saving.changed();
  }

  /** @param {SubmitEvent} event */
  submitted(event) {
    // After a conflict the site's own page shows both texts.
    if (this.saving.held && !this.form.hasAttribute("data-held")) {
      this.kept = true;
      return;
    }
    event.preventDefault();
    this.saving.saveNow();
  }

  /** @param {any} answer */
  saved(answer) {
    this.savedAt = new Date(answer.saved_at);
    if (!this.saving.isChanged) this.copy.drop();
    for (const part of this.form.querySelectorAll(".sheet-clash")) part.remove();
    this.form.removeAttribute("data-held");
    this.form.removeAttribute("data-unsaved");
    this.editor.mark(answer.problems);
    if (this.preview) {
      const { scrollTop } = this.preview;
      this.preview.innerHTML = answer.preview;
      this.preview.scrollTop = scrollTop;
    }
    document.dispatchEvent(new CustomEvent("hakoniwa:saved", { detail: answer }));
  }

  /**
   * @param {import("./studio-saving.js").State} state
   * @param {string} why the site's own sentence, where it gave one
   */
  show(state, why) {
    const today = this.savedAt.toDateString() === new Date().toDateString();
    const time = this.savedAt.toLocaleString(document.documentElement.lang, today ? TIME : DAY);
    const reason = why || say("studioAway");
    const sentences = {
      saved: say("studioSaved", { time }),
      changed: say("studioChanged"),
      saving: say("studioChanged"),
      away: say("studioKept", { reason }),
      refused: say("studioKept", { reason }),
      conflict: say("studioConflict"),
    };
    const lost = !this.kept && state !== "saved" ? ` ${say("studioNoStorage")}` : "";
    this.state.textContent = sentences[state] + lost;
    this.state.dataset.state = state;
    const bad = ["away", "refused", "conflict"].includes(state);
    if (bad && this.told !== state) announce(this.state.textContent);
    if (state === "saved" && this.told) announce(this.state.textContent);
    if (bad || state === "saved") this.told = bad ? state : "";
  }

  /** What an earlier tab or a crash left unsaved is offered; nothing is replaced unasked. */
  offer() {
    const left = this.copy.left(this.editor.text());
    const note = this.part(".sheet-left");
    note.hidden = !left;
    if (!left) return;
    const time = new Date(left.at).toLocaleString(document.documentElement.lang);
    this.part(".sheet-left-words").textContent = say("studioLeft", { time });
    const [take, discard] = note.querySelectorAll("button");
    take.onclick = () => {
      this.editor.replace(left.text);
      this.copy.drop(left.key);
      this.changed();
      this.offer();
      this.editor.focus();
    };
    discard.onclick = () => {
      this.copy.drop(left.key);
      this.offer();
      this.editor.focus();
    };
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  part(selector) {
    return /** @type {HTMLElement} */ (this.section.querySelector(selector));
  }
}
