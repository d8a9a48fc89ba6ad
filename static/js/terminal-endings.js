import { say } from "./words.js";

/**
 * Why a terminal stopped, as a sentence and the next thing to do.
 *
 * @typedef {object} Ending
 * @property {string} sentence
 * @property {"retry" | "reconnect" | "fresh" | "claim" | "reload"} next `retry` goes on by itself
 * @property {string} button
 * @property {boolean} [enter] whether Enter in the terminal does it too
 * @property {number} [exitCode] of a shell that has ended
 */

const SHELL_ENDED = 4000;
const SIGNED_OUT = 4001;
const NOT_YOURS = 4003;
const GONE = 4004;
const BAD_MESSAGE = 4008;
const TOO_LARGE = 4009;
const ENGINE_LOST = 4011;
const TOO_MANY = 4012;

/**
 * @param {number} code the websocket's close code
 * @param {string} told what the server said before it closed, or ""
 * @param {number | null} [exitCode]
 * @returns {Ending}
 */
export function endingOf(code, told, exitCode = null) {
  if (code === SHELL_ENDED) return ended(exitCode ?? 0);
  const ending = { ...ofCode(code) };
  if (told) ending.sentence = told;
  return ending;
}

/**
 * @param {number} exitCode
 * @returns {Ending}
 */
export function ended(exitCode) {
  const sentence = say(exitCode ? "endedWithCode" : "ended", { code: exitCode });
  return { sentence, next: "fresh", button: say("newShell"), enter: true, exitCode };
}

/** @returns {Ending} */
export function lostConnection() {
  return { sentence: say("lost"), next: "retry", button: say("reconnectNow") };
}

/**
 * @param {number} status of the HTTP answer that refused
 * @param {string} message its sentence
 * @returns {Ending}
 */
export function refusal(status, message) {
  const code = { 401: SIGNED_OUT, 403: NOT_YOURS, 404: GONE, 410: GONE }[status];
  return endingOf(code ?? ENGINE_LOST, message);
}

/**
 * @param {number} code
 * @returns {Ending}
 */
function ofCode(code) {
  switch (code) {
    case SIGNED_OUT:
      return { sentence: say("signInExpired"), next: "reload", button: say("reload") };
    case NOT_YOURS:
      return { sentence: say("notYours"), next: "claim", button: say("ownSandbox") };
    case GONE:
      return { sentence: say("gone"), next: "claim", button: say("newSandbox") };
    case BAD_MESSAGE:
      return { sentence: say("misunderstood"), next: "reconnect", button: say("reconnectNow") };
    case TOO_LARGE:
      return { sentence: say("tooMuch"), next: "reconnect", button: say("reconnectNow") };
    case TOO_MANY:
      return { sentence: say("tooManyTabs"), next: "reconnect", button: say("reconnectNow") };
    case ENGINE_LOST:
      return { sentence: say("engineLost"), next: "retry", button: say("reconnectNow") };
    default:
      return lostConnection();
  }
}
