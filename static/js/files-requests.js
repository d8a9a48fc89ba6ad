import { csrfToken } from "./csrf.js";
import { Refused } from "./terminal-claim.js";

/** Asking the site about the learner's ~/work. */

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {"folder" | "file" | "other"} kind
 * @property {boolean} link
 * @property {number} size
 * @property {number} changed_at seconds since 1970
 */

/** The site said no, and why in a word. */
export class FileRefused extends Refused {
  /**
   * @param {number} status
   * @param {{ code?: string, message?: string }} answer
   */
  constructor(status, answer) {
    super(status, answer.message ?? "");
    this.code = answer.code ?? "";
  }
}

export class FileRequests {
  /** @param {string} url where the listing is; everything else is below it */
  constructor(url) {
    this.url = url;
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} query
   */
  address(what, query) {
    return `${this.url}${what}?${new URLSearchParams(query)}`;
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} [query]
   * @throws {FileRefused} where the site says no; TypeError where it does not answer
   */
  async get(what, query = {}) {
    const headers = { Accept: "application/json" };
    return read(await fetch(this.address(what, query), { headers }));
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} query
   * @throws {FileRefused} where the site says no; TypeError where it does not answer
   */
  async post(what, query) {
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    return read(await fetch(this.address(what, query), { method: "POST", headers }));
  }

  /**
   * Send a file; `fetch` can't say how far it is.
   * @param {string} path
   * @param {Blob} content
   * @param {string} expected what may be replaced: "new" nothing, "any" anything, or a version
   * @param {(part: number) => void} [progress] from 0 to 1
   * @returns {Promise<{ version: string }>}
   */
  upload(path, content, expected, progress = () => {}) {
    const request = new XMLHttpRequest();
    request.open("POST", this.address("upload/", { path, expected }));
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 1);
    return new Promise((resolve, reject) => {
      request.onerror = () => reject(new TypeError("no answer"));
      request.onload = () => {
        const answer = parsed(request.responseText);
        if (request.status === 200) resolve(answer);
        else reject(new FileRefused(request.status, answer));
      };
      request.send(content);
    });
  }
}

/** @param {Response} response */
async function read(response) {
  const answer = parsed(await response.text());
  if (!response.ok) throw new FileRefused(response.status, answer);
  return answer;
}

/** @param {string} text a proxy in between, or a page of Django's own, answers no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
