import { recall, remember } from "./memory.js";

/**
 * Which shells are on the screen: one, or two beside or above each other where there is room.
 * This browser remembers it; which shells there are at all, the sandbox knows.
 */

/** @typedef {"" | "row" | "column"} Direction */

export class TerminalSplit {
  /** @param {() => void} changed the room is another */
  constructor(changed) {
    this.narrow = matchMedia("(max-width: 55.99rem), (max-height: 25.99rem)");
    this.narrow.addEventListener("change", changed);
    const kept = JSON.parse(recall("shells") ?? "{}");
    /** @type {string[]} */
    this.slots = [kept.first ?? "main", kept.second].filter((name) => typeof name === "string");
    this.focused = kept.focused === 1 && this.slots.length === 2 ? 1 : 0;
    /** @type {Direction} */
    this.direction = kept.direction === "column" ? "column" : "row";
  }

  /** The one that is typed into. */
  get active() {
    return this.slots[this.focused];
  }

  /** @returns {string[]} the names of those on the screen, in their order */
  get shown() {
    return this.narrow.matches ? [this.active] : this.slots;
  }

  /** @returns {Direction} how two of them stand, or "" for one */
  get standing() {
    return this.shown.length === 2 ? this.direction : "";
  }

  /** @param {string} name goes where the one that is typed into was, unless it is there already */
  select(name) {
    const at = this.slots.indexOf(name);
    if (at >= 0) this.focused = at;
    else this.slots[this.focused] = name;
    this.keep();
  }

  /**
   * @param {Direction} direction
   * @param {string} other the shell to show beside the one that is typed into
   */
  show(direction, other) {
    if (this.slots.length === 1) this.slots.push(other);
    this.direction = direction;
    this.focused = this.slots.indexOf(other) >= 0 ? this.slots.indexOf(other) : this.focused;
    this.keep();
  }

  single() {
    this.slots = [this.active];
    this.focused = 0;
    this.keep();
  }

  /** @param {string[]} names of the shells that there are: what shows none of them goes */
  settle(names) {
    const active = names.includes(this.active) ? this.active : "";
    const left = this.slots.filter((name) => names.includes(name));
    this.slots = left.length ? left : names.slice(0, 1);
    this.focused = Math.max(0, this.slots.indexOf(active));
    this.keep();
  }

  keep() {
    const [first, second] = this.slots;
    const { focused, direction } = this;
    remember("shells", JSON.stringify({ first, second, focused, direction }));
  }
}
