import { post, read } from "./terminal-claim.js";

/**
 * Which shells the sandbox has, as it says itself, and the end of one.
 *
 * @typedef {object} ListedShell
 * @property {string} name
 * @property {string} program what runs in it, or ""
 * @property {number | null} exit_code null while it runs
 */

/**
 * @param {import("./terminal-claim.js").Sandbox} sandbox
 * @returns {Promise<ListedShell[]>}
 * @throws {import("./terminal-claim.js").Refused} where the site says no; TypeError where it does
 *   not answer
 */
export async function listShells(sandbox) {
  return (await read(await fetch(sandbox.shells_url))).shells;
}

/**
 * @param {import("./terminal-claim.js").Sandbox} sandbox
 * @param {string} name
 * @returns {Promise<ListedShell[]>} those that are left
 * @throws {import("./terminal-claim.js").Refused} and TypeError, as above
 */
export async function endShell(sandbox, name) {
  return (await post(`${sandbox.shells_url}${name}/end/`)).shells;
}

/**
 * What a person calls it: `main` was the first.
 * @param {string} name
 * @returns {string}
 */
export function numberOf(name) {
  return name === "main" ? "1" : name;
}
