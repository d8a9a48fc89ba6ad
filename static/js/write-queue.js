/**
 * Hands bytes to the screen in larger pieces while it is busy. xterm.js has a cost for each piece
 * (4 KiB pieces drew 1.4 MB/s, 64 KiB ones 3.9 on one machine), and a flood comes in many small ones.
 */

const LARGEST = 128 * 1024;

export class WriteQueue {
  /** @param {(bytes: Uint8Array, drawn: () => void) => void} write */
  constructor(write) {
    this.write = write;
    this.busy = false;
    /** @type {{ bytes: Uint8Array, drawn: () => void }[]} */
    this.waiting = [];
  }

  /**
   * @param {Uint8Array} bytes
   * @param {() => void} [drawn]
   */
  add(bytes, drawn = () => {}) {
    this.waiting.push({ bytes, drawn });
    if (!this.busy) this.next();
  }

  next() {
    const taken = this.take();
    this.busy = taken.length > 0;
    if (!this.busy) return;
    this.write(joined(taken.map((piece) => piece.bytes)), () => {
      for (const piece of taken) piece.drawn();
      this.next();
    });
  }

  /** As many pieces as may be drawn in one go, and at least one. */
  take() {
    let count = 0;
    let size = 0;
    for (const { bytes } of this.waiting) {
      size += bytes.length;
      if (count && size > LARGEST) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
}

/** @param {Uint8Array[]} pieces */
function joined(pieces) {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
