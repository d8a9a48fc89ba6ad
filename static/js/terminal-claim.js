import { csrfToken } from "./csrf.js";

/** Asking the site for a sandbox, and what became of one. */

/**
 * @typedef {object} Sandbox
 * @property {string} id
 * @property {string} status_url
 * @property {string} shells_url
 * @property {string} terminals_url followed by a shell's name
 * @property {string[]} shell_names all that a shell can have
 */

/** The site said no, with a sentence for the person. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} sentence
   * @param {string} code
   */
  constructor(status, sentence, code = "") {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} url
 * @returns {Promise<Sandbox>}
 * @throws {Refused} where the site says no; TypeError where it does not answer
 */
export function claimSandbox(url) {
  return post(url);
}

/**
 * @param {string} url
 * @throws {Refused} where the site says no; TypeError where it does not answer
 */
export async function post(url) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  return read(await fetch(url, { method: "POST", headers }));
}

/**
 * @param {string} url
 * @returns {Promise<Sandbox>}
 * @throws {Refused} where the sandbox is not to be had; TypeError where the site does not answer
 */
export async function askForStatus(url) {
  return read(await fetch(url, { headers: { Accept: "application/json" } }));
}

/**
 * @param {Response} response
 * @throws {Refused}
 */
export async function read(response) {
  // A proxy in between, or a page of Django's own, answers no JSON.
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.message ?? "", answer.code);
  return answer;
}
